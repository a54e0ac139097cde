#include "addon-arguments.h"

#include <string.h>

void wipe(void *memory, size_t length) {
  memset(memory, 0, length);
  __asm__ volatile("" : : "r"(memory) : "memory"); /* keeps the compiler from dropping the write */
}

napi_value refuse(napi_env env, const char *message) {
  napi_throw_type_error(env, "BULK_SEAL_ARGUMENT", message);
  return NULL;
}

bool take_arguments(napi_env env, napi_callback_info info, size_t wanted, napi_value *arguments) {
  size_t count = wanted;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) == napi_ok && count == wanted) return true;
  refuse(env, "wrong number of arguments");
  return false;
}

bool bytes_of(napi_env env, napi_value value, const uint8_t **bytes, size_t *length) {
  bool is_typed = false;
  napi_typedarray_type type;
  void *data = NULL;
  static const uint8_t nowhere[1] = {0};
  if (napi_is_typedarray(env, value, &is_typed) != napi_ok || !is_typed) return false;
  if (napi_get_typedarray_info(env, value, &type, length, &data, NULL, NULL) != napi_ok || type != napi_uint8_array) return false;
  *bytes = data == NULL ? nowhere : data;
  return data != NULL || *length == 0;
}

bool overlaps(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length) {
  const uintptr_t x = (uintptr_t)a, y = (uintptr_t)b;
  return a_length > 0 && b_length > 0 && x < y + b_length && y < x + a_length;
}

bool offer_function(napi_env env, napi_value exports, const char *name, napi_callback callback) {
  napi_value function;
  return napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, NULL, &function) == napi_ok &&
         napi_set_named_property(env, exports, name, function) == napi_ok;
}
