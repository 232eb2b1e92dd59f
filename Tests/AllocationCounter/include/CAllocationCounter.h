// Counts heap allocations, a thread at a time, so that a test can show that something makes none.
#pragma once

#include <stdbool.h>
#include <stdint.h>

/// Heap allocations that the calling thread has made.
uint64_t slotd_allocations(void);
/// Whether allocations are counted at all; a sanitizer has an allocator of its own, which is left alone.
bool slotd_counts_allocations(void);
