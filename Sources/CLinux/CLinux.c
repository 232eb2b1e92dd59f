#define _GNU_SOURCE
#include "CLinux.h"
#include "Result.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

// The three calls that every request takes are made without libc's functions of their names: a thread can be cancelled in those, which
// in a process of several threads costs six locked instructions a request, a fortieth of what a slot takes outside the kernel. Nobody
// here cancels a thread.

ptrdiff_t slotd_receive(int fd, uint8_t *bytes, size_t count) {
  return RESULT(syscall(SYS_recvfrom, fd, bytes, count, 0, NULL, NULL));
}

ptrdiff_t slotd_send(int fd, const uint8_t *bytes, size_t count, bool more) {
  return RESULT(syscall(SYS_sendto, fd, bytes, count, MSG_NOSIGNAL | (more ? MSG_MORE : 0), NULL, 0));
}

static int wait_for_events(int epoll, struct epoll_event *events, int count, int timeout_ms) {
  return (int)syscall(SYS_epoll_pwait, epoll, events, count, timeout_ms, NULL, 0);
}

ptrdiff_t slotd_sendfile(int socket, int file, int64_t offset, size_t count) {
  off_t at = offset;
  return RESULT(sendfile(socket, file, &at, count));
}

ptrdiff_t slotd_read(int fd, uint8_t *bytes, size_t count) { return RESULT(read(fd, bytes, count)); }

ptrdiff_t slotd_write(int fd, const uint8_t *bytes, size_t count) { return RESULT(write(fd, bytes, count)); }

static const int listen_error_base = -10000;

static int fail_and_close(int fd) {
  int error = errno;
  close(fd);
  return -error;
}

// Whether nobody listens on an address. SO_REUSEPORT would let two processes of one user share it without a word, each getting
// half of the connections; a socket without that option cannot be bound where another one listens.
static int check_free(const struct addrinfo *at) {
  int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (at->ai_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  int result = bind(fd, at->ai_addr, at->ai_addrlen) == 0 ? 0 : -errno;
  close(fd);
  return result;
}

int slotd_listen_tcp(const char *host, uint16_t port, bool first, int backlog) {
  char service[8];
  snprintf(service, sizeof service, "%u", port);
  struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
  struct addrinfo *found = NULL;
  int code = getaddrinfo(*host ? host : NULL, service, &hints, &found);
  if (code == EAI_SYSTEM) return -errno;
  if (code != 0) return listen_error_base + code;
  int result = -EADDRNOTAVAIL;
  for (struct addrinfo *at = found; at; at = at->ai_next) {
    int on = 1;
    if (port != 0 && first && (result = check_free(at)) != 0) continue;
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
      result = -errno;
      continue;
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    // Accepted sockets inherit it, which saves a system call for each.
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // So is this: with no more than so many bytes waiting in the kernel, a long answer moves on as the client reads, and not in jumps of
    // megabytes that look like standing still to a deadline.
    int waiting = 131072;
    setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &waiting, sizeof waiting);
    // A connection is told of when its first bytes are there, or after a second without any: it is read at once then, and neither waited
    // for nor watched, which takes a third off a request that has a connection of its own.
    int silent_seconds = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &silent_seconds, sizeof silent_seconds);
    // "[::]:5480" and "0.0.0.0:5480" are two addresses, whatever the machine's default for dual stack is.
    if (at->ai_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, backlog) == 0) {
      result = fd;
      break;
    }
    result = fail_and_close(fd);
  }
  freeaddrinfo(found);
  return result;
}

int slotd_listen_unix(const char *path, unsigned mode, int backlog) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) return -ENAMETOOLONG;
  strcpy(address.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  // A socket file that is left over from a process that died refuses connections; only such a one is removed.
  int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (probe >= 0) {
    struct stat status;
    if (connect(probe, (struct sockaddr *)&address, sizeof address) != 0 && errno == ECONNREFUSED &&
        lstat(path, &status) == 0 && S_ISSOCK(status.st_mode))
      unlink(path);
    close(probe);
  }
  if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) return fail_and_close(fd);
  if (chmod(path, mode) != 0 || listen(fd, backlog) != 0) return fail_and_close(fd);
  return fd;
}

int slotd_accept(int fd) {
  int result = RESULT(accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (result != -EMFILE && result != -ENFILE) return result;
  // The kernel takes a descriptor before it looks whether anybody waits, so without one it always says this.
  struct pollfd waiting = {.fd = fd, .events = POLLIN};
  return poll(&waiting, 1, 0) > 0 ? result : -EAGAIN;
}

int slotd_bound_port(int fd) {
  struct sockaddr_storage address;
  socklen_t count = sizeof address;
  if (getsockname(fd, (struct sockaddr *)&address, &count) != 0) return -errno;
  if (address.ss_family == AF_INET) return ntohs(((struct sockaddr_in *)&address)->sin_port);
  if (address.ss_family == AF_INET6) return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
  return 0;
}

int slotd_shutdown_send(int fd) { return RESULT(shutdown(fd, SHUT_WR)); }

// Linux frees the descriptor even where `close` reports EINTR, so this one is never made again.
int slotd_close(int fd) { return close(fd) == 0 ? 0 : -errno; }

int slotd_unlink(const char *path) { return RESULT(unlink(path)); }

int slotd_duplicate(int fd) { return RESULT(fcntl(fd, F_DUPFD_CLOEXEC, 0)); }

const char *slotd_error_text(int negative) {
  if (negative <= listen_error_base) return gai_strerror(negative - listen_error_base);
  const char *text = strerrordesc_np(-negative);
  return text ? text : "unknown error";
}

int slotd_epoll_create(void) { return RESULT(epoll_create1(EPOLL_CLOEXEC)); }

int slotd_epoll_add_connection(int epoll, int fd, uint64_t token) {
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.u64 = token};
  return RESULT(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}

int slotd_epoll_add_reader(int epoll, int fd, uint64_t token, bool exclusive) {
  struct epoll_event event = {.events = EPOLLIN | (exclusive ? EPOLLEXCLUSIVE : 0), .data.u64 = token};
  return RESULT(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}

int slotd_epoll_remove(int epoll, int fd) { return RESULT(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL)); }

int slotd_epoll_wait(int epoll, slotd_event *events, size_t count, int timeout_ms) {
  struct epoll_event raw[256];
  if (count > sizeof raw / sizeof *raw) count = sizeof raw / sizeof *raw;
  int found = wait_for_events(epoll, raw, (int)count, timeout_ms);
  // A signal ends a wait early; the loop looks at its clock and waits again.
  if (found < 0) return errno == EINTR ? 0 : -errno;
  for (int i = 0; i < found; i++) {
    uint32_t flags = 0;
    if (raw[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP | EPOLLRDHUP)) flags |= SLOTD_READABLE;
    if (raw[i].events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) flags |= SLOTD_WRITABLE;
    if (raw[i].events & (EPOLLERR | EPOLLHUP | EPOLLRDHUP)) flags |= SLOTD_ENDED;
    events[i].token = raw[i].data.u64;
    events[i].flags = flags;
  }
  return found;
}

int slotd_eventfd(void) { return RESULT(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)); }

void slotd_eventfd_signal(int fd) {
  uint64_t one = 1;
  // The only failure is a counter that is full, and then the descriptor is readable already.
  (void)!write(fd, &one, sizeof one);
}

int slotd_poll_readable(int fd, int timeout_ms) {
  struct pollfd watched = {.fd = fd, .events = POLLIN};
  return RESULT(poll(&watched, 1, timeout_ms));
}

void slotd_eventfd_drain(int fd) {
  uint64_t count;
  (void)!read(fd, &count, sizeof count);
}

int slotd_semaphore(void) { return RESULT(eventfd(0, EFD_SEMAPHORE | EFD_CLOEXEC)); }

void slotd_semaphore_wait(int fd) {
  uint64_t one;
  (void)!RESULT(read(fd, &one, sizeof one));
}

int64_t slotd_monotonic_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t slotd_unix_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec;
}

void slotd_name_thread(const char *name) { prctl(PR_SET_NAME, name); }

void slotd_block_pipe_signal(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
}

int64_t slotd_raise_open_files(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -errno;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? (int64_t)limit.rlim_cur : -errno;
}

int slotd_processors(void) {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

static void handled_signals(sigset_t *set) {
  sigemptyset(set);
  sigaddset(set, SIGTERM);
  sigaddset(set, SIGINT);
  sigaddset(set, SIGHUP);
  sigaddset(set, SIGUSR1);
  sigaddset(set, SIGUSR2);
}

void slotd_block_signals(void) {
  sigset_t set;
  handled_signals(&set);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  signal(SIGPIPE, SIG_IGN);
  // Where a file may not get larger, `write` shall say EFBIG and not end the process (setrlimit(2), RLIMIT_FSIZE).
  signal(SIGXFSZ, SIG_IGN);
}

int slotd_next_signal(int timeout_ms) {
  sigset_t set;
  handled_signals(&set);
  struct timespec limit = {.tv_sec = timeout_ms / 1000, .tv_nsec = timeout_ms % 1000 * 1000000};
  for (;;) {
    int number = sigtimedwait(&set, NULL, timeout_ms < 0 ? NULL : &limit);
    if (number > 0) return number;
    // A signal that is not waited for ends the wait early: the caller looks at its clock and waits again.
    if (timeout_ms >= 0) return 0;
  }
}
