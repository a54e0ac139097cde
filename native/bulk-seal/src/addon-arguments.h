/* What all functions of the N-API door need: arguments looked at before anything is done with them, and refusals. */
#ifndef BULK_SEAL_ADDON_ARGUMENTS_H
#define BULK_SEAL_ADDON_ARGUMENTS_H

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroes memory for certain, also when it is never looked at again. */
void wipe(void *memory, size_t length);
/* Throws a TypeError; returns NULL. */
napi_value refuse(napi_env env, const char *message);
/* Exactly so many, or it throws. */
bool take_arguments(napi_env env, napi_callback_info info, size_t wanted, napi_value *arguments);
/* False unless it is a Uint8Array; `bytes` is never NULL when it is one. */
bool bytes_of(napi_env env, napi_value value, const uint8_t **bytes, size_t *length);
bool overlaps(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length);
bool offer_function(napi_env env, napi_value exports, const char *name, napi_callback callback);

#endif
