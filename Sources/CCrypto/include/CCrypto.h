// What Swift cannot say about hashing: OpenSSL's context types, passed by value and without pointers.
//
// The low-level SHA-256 calls are used because their state is a plain struct that can stand on the stack, be copied and
// be wiped: a fetched EVP context allocates per use. OpenSSL 3 marks them as deprecated, not as going away; if a
// FIPS provider ever matters, EVP_MAC with a kept context is the way to go, and this file is the only one to change.
#pragma once

#include <lifetimebound.h>
#include <ptrcheck.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// The running state of a SHA-256: what OpenSSL calls `SHA256_CTX`.
typedef struct slotd_sha256 {
  uint32_t words[28];
} slotd_sha256;

void slotd_sha256_init(slotd_sha256 *state);
void slotd_sha256_update(slotd_sha256 *state, const uint8_t *__counted_by(count) _Nonnull bytes __noescape, size_t count);
/// Ends the hash into the 32 bytes at `digest`.
void slotd_sha256_final(slotd_sha256 *state, uint8_t *__counted_by(count) _Nonnull digest __noescape, size_t count);

/// Overwrites the state, which knows of the key where it belongs to an HMAC.
void slotd_sha256_wipe(slotd_sha256 *state);

/// The running state of an MD5: what OpenSSL calls `MD5_CTX`. Only for S3's ETag.
typedef struct slotd_md5 {
  uint32_t words[23];
} slotd_md5;

void slotd_md5_init(slotd_md5 *state);
void slotd_md5_update(slotd_md5 *state, const uint8_t *__counted_by(count) _Nonnull bytes __noescape, size_t count);
/// Ends the hash into the 16 bytes at `digest`.
void slotd_md5_final(slotd_md5 *state, uint8_t *__counted_by(count) _Nonnull digest __noescape, size_t count);

/// The running state of a SHA-1: what OpenSSL calls `SHA_CTX`. Only for a checksum that S3 knows.
typedef struct slotd_sha1 {
  uint32_t words[24];
} slotd_sha1;

void slotd_sha1_init(slotd_sha1 *state);
void slotd_sha1_update(slotd_sha1 *state, const uint8_t *__counted_by(count) _Nonnull bytes __noescape, size_t count);
/// Ends the hash into the 20 bytes at `digest`.
void slotd_sha1_final(slotd_sha1 *state, uint8_t *__counted_by(count) _Nonnull digest __noescape, size_t count);

/// 0 when both runs of bytes are the same, in a time that depends on their length only. Plain pointers: the wrapper that the
/// compiler (6.3.1) would make for two counted ones crashes it in release builds.
int slotd_differ(const uint8_t *a, const uint8_t *b, size_t count);

/// Overwrites `count` bytes in a way that no compiler leaves out.
void slotd_wipe(uint8_t *__counted_by(count) _Nonnull bytes __noescape, size_t count);

/// Fills with random bytes of the operating system's generator; 0, or a negative error number.
int slotd_random(uint8_t *__counted_by(count) _Nonnull bytes __noescape, size_t count);

#pragma clang assume_nonnull end
