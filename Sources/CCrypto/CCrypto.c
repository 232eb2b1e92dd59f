#define OPENSSL_SUPPRESS_DEPRECATED
#include "CCrypto.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/md5.h>
#include <openssl/sha.h>
#include <sys/random.h>

_Static_assert(sizeof(slotd_sha256) == sizeof(SHA256_CTX), "slotd_sha256 must mirror SHA256_CTX");
_Static_assert(sizeof(slotd_md5) == sizeof(MD5_CTX), "slotd_md5 must mirror MD5_CTX");
_Static_assert(sizeof(slotd_sha1) == sizeof(SHA_CTX), "slotd_sha1 must mirror SHA_CTX");

void slotd_sha256_init(slotd_sha256 *state) { SHA256_Init((SHA256_CTX *)state); }

void slotd_sha256_update(slotd_sha256 *state, const uint8_t *bytes, size_t count) {
  SHA256_Update((SHA256_CTX *)state, bytes, count);
}

void slotd_sha256_final(slotd_sha256 *state, uint8_t *digest, size_t count) {
  if (count >= SHA256_DIGEST_LENGTH) SHA256_Final(digest, (SHA256_CTX *)state);
}

void slotd_sha256_wipe(slotd_sha256 *state) { OPENSSL_cleanse(state, sizeof *state); }

void slotd_md5_init(slotd_md5 *state) { MD5_Init((MD5_CTX *)state); }

void slotd_md5_update(slotd_md5 *state, const uint8_t *bytes, size_t count) {
  MD5_Update((MD5_CTX *)state, bytes, count);
}

void slotd_md5_final(slotd_md5 *state, uint8_t *digest, size_t count) {
  if (count >= MD5_DIGEST_LENGTH) MD5_Final(digest, (MD5_CTX *)state);
}

void slotd_sha1_init(slotd_sha1 *state) { SHA1_Init((SHA_CTX *)state); }

void slotd_sha1_update(slotd_sha1 *state, const uint8_t *bytes, size_t count) {
  SHA1_Update((SHA_CTX *)state, bytes, count);
}

void slotd_sha1_final(slotd_sha1 *state, uint8_t *digest, size_t count) {
  if (count >= SHA_DIGEST_LENGTH) SHA1_Final(digest, (SHA_CTX *)state);
}

int slotd_differ(const uint8_t *a, const uint8_t *b, size_t count) { return CRYPTO_memcmp(a, b, count); }

void slotd_wipe(uint8_t *bytes, size_t count) { OPENSSL_cleanse(bytes, count); }

int slotd_random(uint8_t *bytes, size_t count) {
  while (count > 0) {
    ssize_t got = getrandom(bytes, count, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -errno;
    bytes += got;
    count -= (size_t)got;
  }
  return 0;
}
