#define _GNU_SOURCE
#include "Supervisor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int slotd_notify(const char *path, const char *message) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  size_t count = strlen(path);
  if (count == 0 || count >= sizeof address.sun_path) return -EINVAL;
  memcpy(address.sun_path, path, count);
  if (path[0] == '@') address.sun_path[0] = 0;
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + count);
  ssize_t sent = sendto(fd, message, strlen(message), MSG_NOSIGNAL, (struct sockaddr *)&address, size);
  int result = sent < 0 ? -errno : 0;
  close(fd);
  return result;
}

ptrdiff_t slotd_adopt_socket(int fd, uint8_t *text, size_t count) {
  int listens = 0, type = 0;
  socklen_t size = sizeof listens;
  if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0) return -errno;
  size = sizeof type;
  if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0) return -errno;
  if (!listens || type != SOCK_STREAM) return -EINVAL;
  if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) return -errno;
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0) return -errno;

  union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un local;
  } name = {0};
  size = sizeof name;
  if (getsockname(fd, &name.any, &size) != 0) return -errno;
  char host[INET6_ADDRSTRLEN];
  int written = -1;
  if (name.any.sa_family == AF_INET) {
    inet_ntop(AF_INET, &name.v4.sin_addr, host, sizeof host);
    written = snprintf((char *)text, count, "%s:%u", host, ntohs(name.v4.sin_port));
  } else if (name.any.sa_family == AF_INET6) {
    inet_ntop(AF_INET6, &name.v6.sin6_addr, host, sizeof host);
    written = snprintf((char *)text, count, "[%s]:%u", host, ntohs(name.v6.sin6_port));
  } else if (name.any.sa_family == AF_UNIX) {
    int length = (int)(size - offsetof(struct sockaddr_un, sun_path));
    written = snprintf((char *)text, count, "unix:%.*s", length, name.local.sun_path);
  }
  return written > 0 && (size_t)written < count ? written : -EINVAL;
}

int slotd_write_pid(const char *path) {
  char text[32], beside[4096];
  int count = snprintf(text, sizeof text, "%d\n", (int)getpid());
  if ((size_t)snprintf(beside, sizeof beside, "%s.new", path) >= sizeof beside) return -ENAMETOOLONG;
  int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return -errno;
  ssize_t written = write(fd, text, (size_t)count);
  int error = written < 0 ? errno : written == count ? 0 : EIO;
  close(fd);
  if (error == 0 && rename(beside, path) != 0) error = errno;
  if (error != 0) unlink(beside);
  return -error;
}

int slotd_hang_up(pid_t pid) { return kill(pid, SIGHUP) == 0 ? 0 : -errno; }
