// Connections that slotd itself opens, for its commands: blocking ones, with a limit.
#pragma once

#include <stdint.h>

#pragma clang assume_nonnull begin

/// Connects to a numeric address. This, and each later receive and send on the socket, waits for `seconds` at most and then fails
/// with EAGAIN. Returns the descriptor, or a negative error number.
int slotd_connect_tcp(const char *host, uint16_t port, int seconds);
/// The same for a unix socket.
int slotd_connect_unix(const char *path, int seconds);

#pragma clang assume_nonnull end
