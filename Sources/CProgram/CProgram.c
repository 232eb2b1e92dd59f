#include "CProgram.h"

#ifndef SLOTD_VERSION
#define SLOTD_VERSION "unknown"
#endif

#pragma clang diagnostic ignored "-Wc23-extensions"
static const uint8_t openapi[] = {
#embed "../../openapi.yaml"
};

const char *slotd_version(void) { return SLOTD_VERSION; }
const uint8_t *slotd_openapi(void) { return openapi; }
size_t slotd_openapi_count(void) { return sizeof openapi; }
