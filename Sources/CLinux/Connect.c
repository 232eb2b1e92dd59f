#define _GNU_SOURCE
#include "Connect.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static int connect_within(const struct sockaddr *address, socklen_t count, int seconds) {
  int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  struct timeval limit = {.tv_sec = seconds};
  // The limit of sending is that of connecting, too (socket(7)).
  if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) == 0 &&
      setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0 && connect(fd, address, count) == 0)
    return fd;
  int error = errno == EINPROGRESS ? EAGAIN : errno;
  close(fd);
  return -error;
}

int slotd_connect_tcp(const char *host, uint16_t port, int seconds) {
  char service[8];
  snprintf(service, sizeof service, "%u", port);
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
  struct addrinfo *found = NULL;
  if (getaddrinfo(host, service, &hints, &found) != 0) return -EINVAL;
  int result = connect_within(found->ai_addr, found->ai_addrlen, seconds);
  freeaddrinfo(found);
  return result;
}

int slotd_connect_unix(const char *path, int seconds) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) return -ENAMETOOLONG;
  strcpy(address.sun_path, path);
  return connect_within((struct sockaddr *)&address, sizeof address, seconds);
}
