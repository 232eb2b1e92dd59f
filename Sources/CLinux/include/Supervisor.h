// What passes between slotd and whoever started it: sockets that are open already, and word of how it goes (systemd's
// sd_listen_fds(3) and sd_notify(3), without their library).
#pragma once

#include <lifetimebound.h>
#include <ptrcheck.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

/// Sends one message to the socket `path`, in which a leading `@` stands for the abstract namespace; 0, or a negative error number.
int slotd_notify(const char *path, const char *message);

/// Prepares a socket that was handed over: not inherited any further, and not blocking. Writes where it listens, as
/// `127.0.0.1:5480`, `[::1]:5480` or `unix:/path`, and returns how many bytes that are, or a negative error number: -EINVAL where it
/// is no stream socket that listens.
ptrdiff_t slotd_adopt_socket(int fd, uint8_t *__counted_by(count) _Nonnull text __noescape, size_t count);

/// Writes the process's own number and a line end to a file, in one step for whoever reads it; 0, or a negative error number.
int slotd_write_pid(const char *path);
/// Sends SIGHUP to a process; 0, or a negative error number.
int slotd_hang_up(pid_t pid);

#pragma clang assume_nonnull end
