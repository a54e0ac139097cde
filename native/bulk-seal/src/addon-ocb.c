/* The N-API door of OCB. As in addon.c: index.js is the only caller, and what could break memory is checked here. */
#include "addon-ocb.h"

#include <stdlib.h>

#include "addon-arguments.h"
#include "ocb.h"

#ifdef BULK_SEAL_X86

struct handle {
  struct ocb ocb;
  bool live;
};

static void finalize(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  wipe(data, sizeof(struct handle));
  free(data);
}

static struct handle *handle_of(napi_env env, napi_value value) {
  void *data = NULL;
  napi_valuetype type;
  if (napi_typeof(env, value, &type) != napi_ok || type != napi_external) return NULL;
  if (napi_get_value_external(env, value, &data) != napi_ok) return NULL;
  struct handle *handle = data;
  return handle != NULL && handle->live ? handle : NULL;
}

/* ocbCreate(key) -> external */
static napi_value create(napi_env env, napi_callback_info info) {
  size_t length = 0;
  napi_value argument, external;
  const uint8_t *key = NULL;
  if (!take_arguments(env, info, 1, &argument)) return NULL;
  if (!bytes_of(env, argument, &key, &length) || length != 32) return refuse(env, "key is not 32 bytes");
  struct handle *handle = aligned_alloc(64, (sizeof(struct handle) + 63) / 64 * 64);
  if (handle == NULL) {
    napi_throw_error(env, "ENOMEM", "no memory for the cipher");
    return NULL;
  }
  ocb_key(&handle->ocb, key);
  handle->live = true;
  if (napi_create_external(env, handle, finalize, NULL, &external) != napi_ok) {
    finalize(env, handle, NULL);
    return refuse(env, "no external value could be made");
  }
  return external;
}

/* ocbStart(handle, nonce, associated) */
static napi_value start(napi_env env, napi_callback_info info) {
  size_t nonce_length = 0, length = 0;
  napi_value arguments[3];
  const uint8_t *nonce = NULL, *associated = NULL;
  if (!take_arguments(env, info, 3, arguments)) return NULL;
  struct handle *handle = handle_of(env, arguments[0]);
  if (handle == NULL) return refuse(env, "the cipher was disposed of");
  if (!bytes_of(env, arguments[1], &nonce, &nonce_length) || nonce_length != OCB_NONCE_BYTES) {
    return refuse(env, "nonce is not 15 bytes");
  }
  if (!bytes_of(env, arguments[2], &associated, &length)) return refuse(env, "associated data is not a Uint8Array");
  ocb_start(&handle->ocb, nonce, associated, length);
  return NULL;
}

static napi_value number(napi_env env, size_t value) {
  napi_value result;
  return napi_create_int64(env, (int64_t)value, &result) == napi_ok ? result : NULL;
}

/* ocbUpdate(handle, input, output) -> bytes written */
static napi_value update(napi_env env, napi_callback_info info) {
  size_t length = 0, room = 0;
  napi_value arguments[3];
  const uint8_t *input = NULL, *output = NULL;
  if (!take_arguments(env, info, 3, arguments)) return NULL;
  struct handle *handle = handle_of(env, arguments[0]);
  if (handle == NULL) return refuse(env, "the cipher was disposed of");
  if (!bytes_of(env, arguments[1], &input, &length) || !bytes_of(env, arguments[2], &output, &room)) {
    return refuse(env, "not a Uint8Array");
  }
  const size_t size = ocb_update_size(&handle->ocb, length);
  if (size > room) return refuse(env, "output is too short");
  if (overlaps(output, room, input, length)) return refuse(env, "output overlaps what is read");
  ocb_update(&handle->ocb, input, length, (uint8_t *)(uintptr_t)output);
  return number(env, size);
}

/* ocbFinish(handle, output of 31 bytes) -> bytes written */
static napi_value finish(napi_env env, napi_callback_info info) {
  size_t room = 0;
  napi_value arguments[2];
  const uint8_t *output = NULL;
  if (!take_arguments(env, info, 2, arguments)) return NULL;
  struct handle *handle = handle_of(env, arguments[0]);
  if (handle == NULL) return refuse(env, "the cipher was disposed of");
  if (!bytes_of(env, arguments[1], &output, &room) || room < 31) return refuse(env, "output is shorter than 31 bytes");
  return number(env, ocb_finish(&handle->ocb, (uint8_t *)(uintptr_t)output));
}

/* ocbDispose(handle): zeroes everything now; the memory itself goes with the garbage. */
static napi_value dispose(napi_env env, napi_callback_info info) {
  napi_value argument;
  if (!take_arguments(env, info, 1, &argument)) return NULL;
  struct handle *handle = handle_of(env, argument);
  if (handle != NULL) wipe(handle, sizeof *handle);
  return NULL;
}

bool offer_ocb(napi_env env, napi_value exports) {
  return offer_function(env, exports, "ocbCreate", create) && offer_function(env, exports, "ocbStart", start) &&
         offer_function(env, exports, "ocbUpdate", update) && offer_function(env, exports, "ocbFinish", finish) &&
         offer_function(env, exports, "ocbDispose", dispose);
}

#endif
