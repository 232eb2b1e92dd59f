#include <openssl/md5.h>
#include <openssl/sha.h>
