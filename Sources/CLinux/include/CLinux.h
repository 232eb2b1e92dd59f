// What Swift cannot say about Linux: the system calls that slotd makes, with lengths beside their pointers, integers for results
// and no `errno`: what fails returns the error number with a minus sign. Calls that a signal interrupted are made again.
//
// "Which system calls does slotd make?" is answered here and nowhere else.
#pragma once

#include <lifetimebound.h>
#include <ptrcheck.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "Connect.h"
#include "Files.h"
#include "Process.h"
#include "Supervisor.h"

#pragma clang assume_nonnull begin

// MARK: Bytes

/// Receives up to `count` bytes; 0 is the end of the stream.
ptrdiff_t slotd_receive(int fd, uint8_t *__counted_by(count) _Nonnull bytes __noescape, size_t count);
/// Sends up to `count` bytes without raising SIGPIPE. `more` says that another piece follows at once (`MSG_MORE`).
ptrdiff_t slotd_send(int fd, const uint8_t *__counted_by(count) _Nonnull bytes __noescape, size_t count, bool more);
/// Sends up to `count` bytes of a file from `offset` on, without taking them through user space.
ptrdiff_t slotd_sendfile(int socket, int file, int64_t offset, size_t count);
/// Reads up to `count` bytes of a file or pipe.
ptrdiff_t slotd_read(int fd, uint8_t *__counted_by(count) _Nonnull bytes __noescape, size_t count);
/// Writes up to `count` bytes to a file or pipe.
ptrdiff_t slotd_write(int fd, const uint8_t *__counted_by(count) _Nonnull bytes __noescape, size_t count);

// MARK: Sockets

/// Opens a TCP socket that listens on a numeric address or a name; each caller gets its own (`SO_REUSEPORT`). The `first` one
/// makes sure that no other process listens there.
/// Returns the descriptor, or a negative error number, or -10000 minus a `getaddrinfo` code (negative already).
int slotd_listen_tcp(const char *host, uint16_t port, bool first, int backlog);
/// Opens a unix socket that listens on `path`, in place of one that nobody answers on, with the permissions `mode`.
int slotd_listen_unix(const char *path, unsigned mode, int backlog);
/// Accepts a connection, non-blocking and closed on exec. Being out of descriptors is an error only where one waits.
int slotd_accept(int fd);
/// The port that a TCP socket is bound to, or a negative error number; 0 for a unix socket.
int slotd_bound_port(int fd);
/// Ends the sending direction of a socket.
int slotd_shutdown_send(int fd);
int slotd_close(int fd);
/// Removes a file.
int slotd_unlink(const char *path);
/// A second descriptor for the same open file.
int slotd_duplicate(int fd);
/// What a negative result of this file means, in words; a literal, or from the C library's own table.
const char *slotd_error_text(int negative);

// MARK: Waiting

/// What `epoll_wait` reports, without its union.
typedef struct slotd_event {
  uint64_t token;
  uint32_t flags;
  uint32_t padding;
} slotd_event;

enum {
  SLOTD_READABLE = 1 << 0,
  SLOTD_WRITABLE = 1 << 1,
  /// The other side will send no more, or the connection is gone.
  SLOTD_ENDED = 1 << 2,
};

int slotd_epoll_create(void);
/// Watches a socket that others do not: for both directions, edge-triggered.
int slotd_epoll_add_connection(int epoll, int fd, uint64_t token);
/// Watches a descriptor for reading, level-triggered; `exclusive` where other loops watch it too.
int slotd_epoll_add_reader(int epoll, int fd, uint64_t token, bool exclusive);
int slotd_epoll_remove(int epoll, int fd);
/// Waits for events, at most `timeout_ms` (-1: for ever), and returns how many there are.
int slotd_epoll_wait(int epoll, slotd_event *__counted_by(count) _Nonnull events __noescape, size_t count, int timeout_ms);
int slotd_eventfd(void);
/// Makes an eventfd readable.
void slotd_eventfd_signal(int fd);
/// Waits until a descriptor is readable, at most `timeout_ms`; 1 when it is, 0 when the time is up.
int slotd_poll_readable(int fd, int timeout_ms);
/// Makes an eventfd unreadable again.
void slotd_eventfd_drain(int fd);
/// An eventfd that counts: each ``slotd_eventfd_signal`` lets one ``slotd_semaphore_wait`` through.
int slotd_semaphore(void);
void slotd_semaphore_wait(int fd);

// MARK: Time, process

/// Nanoseconds of the monotonic clock.
int64_t slotd_monotonic_ns(void);
/// Whole seconds since the beginning of 1970 in UTC.
int64_t slotd_unix_seconds(void);
/// Calls the calling thread `name` in the listings of the system, which keep 15 bytes of it.
void slotd_name_thread(const char *name);
/// Blocks SIGPIPE on the calling thread, which gets EPIPE instead: `sendfile` has no flag for that.
void slotd_block_pipe_signal(void);
/// Raises the soft limit of open files to the hard one and returns it.
int64_t slotd_raise_open_files(void);
/// Processors that this process may run on.
int slotd_processors(void);
/// Blocks the signals that ``slotd_next_signal`` waits for, and ignores SIGPIPE and SIGXFSZ; to be called before any thread starts.
void slotd_block_signals(void);
/// Waits for SIGTERM, SIGINT, SIGHUP, SIGUSR1 or SIGUSR2, at most `timeout_ms` (-1: for ever), and returns its number; 0 when the
/// time is up.
int slotd_next_signal(int timeout_ms);

#pragma clang assume_nonnull end
