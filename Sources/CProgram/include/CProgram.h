// What the program carries inside itself: its version, and the description of its interface.
#pragma once

#include <lifetimebound.h>
#include <ptrcheck.h>
#include <stddef.h>
#include <stdint.h>

/// The version, as `git describe` has it where the build knew.
const char *_Nonnull slotd_version(void);
/// The text of `openapi.yaml`.
const uint8_t *_Nonnull slotd_openapi(void);
/// Bytes of ``slotd_openapi``.
size_t slotd_openapi_count(void);
