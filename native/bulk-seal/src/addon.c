/*
 * The N-API door. Arguments are checked in index.js, which is the only caller; what could still break memory is checked here
 * again.
 */
#include <stdlib.h>

#include "addon-arguments.h"
#include "addon-ocb.h"
#include "lanes.h"

#ifdef BULK_SEAL_X86

/* A call hands over at most this many stretches and end marks. */
#define CONTENTS_MAX 4096

struct handle {
  struct lanes lanes;
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

/* create(key) -> external */
static napi_value create(napi_env env, napi_callback_info info) {
  size_t length = 0;
  napi_value argument, external;
  const uint8_t *key = NULL;
  if (!take_arguments(env, info, 1, &argument)) return NULL;
  if (!bytes_of(env, argument, &key, &length) || length != 32) return refuse(env, "key is not 32 bytes");
  struct handle *handle = aligned_alloc(64, (sizeof(struct handle) + 63) / 64 * 64);
  if (handle == NULL) {
    napi_throw_error(env, "ENOMEM", "no memory for the lanes");
    return NULL;
  }
  lanes_start(&handle->lanes, key);
  handle->live = true;
  if (napi_create_external(env, handle, finalize, NULL, &external) != napi_ok) {
    finalize(env, handle, NULL);
    return refuse(env, "no external value could be made");
  }
  return external;
}

/*
 * The list of content: a Uint8Array is a stretch, anything else is refused, null is an end mark. Returns the number of marks, or
 * -1.
 */
static int collect(napi_env env, napi_value list, uint32_t count, struct stretch *stretches, const struct work *work) {
  int marks = 0;
  for (uint32_t i = 0; i < count; i++) {
    napi_value element;
    napi_valuetype type;
    if (napi_get_element(env, list, i, &element) != napi_ok || napi_typeof(env, element, &type) != napi_ok) return -1;
    stretches[i] = (struct stretch){NULL, 0};
    if (type == napi_null) {
      marks++;
    } else if (!bytes_of(env, element, &stretches[i].bytes, &stretches[i].length) ||
               overlaps(stretches[i].bytes, stretches[i].length, work->output, work->length)) {
      return -1;
    }
  }
  return marks;
}

/* run(handle, direction, input, output, mdc, message, contents, digests) */
static napi_value run(napi_env env, napi_callback_info info) {
  size_t output_length = 0, digests_length = 0;
  napi_value arguments[8];
  int32_t direction = 0;
  uint32_t stretch_count = 0;
  const uint8_t *output = NULL, *digests = NULL;
  struct stretch few[64], *stretches = few;
  struct work work = {0};
  if (!take_arguments(env, info, 8, arguments)) return NULL;
  struct handle *handle = handle_of(env, arguments[0]);
  if (handle == NULL) return refuse(env, "the lanes were disposed of");
  if (napi_get_value_int32(env, arguments[1], &direction) != napi_ok) return refuse(env, "direction is not a number");
  if (!bytes_of(env, arguments[2], &work.input, &work.length) || !bytes_of(env, arguments[3], &output, &output_length) ||
      !bytes_of(env, arguments[4], &work.mdc, &work.mdc_length) ||
      !bytes_of(env, arguments[5], &work.message, &work.message_length) ||
      !bytes_of(env, arguments[7], &digests, &digests_length)) {
    return refuse(env, "not a Uint8Array");
  }
  if (output_length != work.length) return refuse(env, "output is not as long as input");
  work.direction = direction == DIRECTION_DECRYPT ? DIRECTION_DECRYPT : DIRECTION_ENCRYPT;
  work.output = (uint8_t *)(uintptr_t)output;
  work.digests = (uint8_t *)(uintptr_t)digests;
  if (overlaps(output, work.length, work.input, work.length) || overlaps(output, work.length, work.mdc, work.mdc_length) ||
      overlaps(output, work.length, work.message, work.message_length) ||
      overlaps(output, work.length, digests, digests_length)) {
    return refuse(env, "output overlaps what is read");
  }
  if (napi_get_array_length(env, arguments[6], &stretch_count) != napi_ok || stretch_count > CONTENTS_MAX) {
    return refuse(env, "contents is not an array of at most 4096");
  }
  if (stretch_count > sizeof few / sizeof few[0]) stretches = malloc(stretch_count * sizeof *stretches);
  if (stretches == NULL) {
    napi_throw_error(env, "ENOMEM", "no memory for the list of content");
    return NULL;
  }
  const int marks = collect(env, arguments[6], stretch_count, stretches, &work);
  if (marks >= 0 && (size_t)marks * 32 <= digests_length) {
    work.contents = stretches;
    work.content_count = stretch_count;
    lanes_run(&handle->lanes, &work);
  } else {
    refuse(env, "contents holds something else, overlaps output, or digests is too short");
  }
  if (stretches != few) free(stretches);
  return NULL;
}

static napi_value digest(napi_env env, napi_callback_info info, size_t size, void (*read)(const struct lanes *, uint8_t *)) {
  size_t length = 0;
  napi_value arguments[2];
  const uint8_t *bytes = NULL;
  if (!take_arguments(env, info, 2, arguments)) return NULL;
  struct handle *handle = handle_of(env, arguments[0]);
  if (handle == NULL) return refuse(env, "the lanes were disposed of");
  if (!bytes_of(env, arguments[1], &bytes, &length) || length != size) return refuse(env, "digest has the wrong length");
  read(&handle->lanes, (uint8_t *)(uintptr_t)bytes);
  return NULL;
}

static napi_value mdc(napi_env env, napi_callback_info info) {
  return digest(env, info, 20, lanes_mdc);
}

static napi_value message(napi_env env, napi_callback_info info) {
  return digest(env, info, 32, lanes_message);
}

/* dispose(handle): zeroes everything now; the memory itself goes with the garbage. */
static napi_value dispose(napi_env env, napi_callback_info info) {
  napi_value argument;
  if (!take_arguments(env, info, 1, &argument)) return NULL;
  struct handle *handle = handle_of(env, argument);
  if (handle != NULL) wipe(handle, sizeof *handle);
  return NULL;
}

NAPI_MODULE_INIT() {
  napi_value available;
  napi_get_boolean(env, lanes_available(), &available);
  napi_set_named_property(env, exports, "available", available);
  const bool done = offer_function(env, exports, "create", create) && offer_function(env, exports, "run", run) &&
                    offer_function(env, exports, "mdc", mdc) && offer_function(env, exports, "message", message) &&
                    offer_function(env, exports, "dispose", dispose) && offer_ocb(env, exports);
  if (!done) napi_throw_error(env, "BULK_SEAL_LOAD", "the functions could not be offered");
  return exports;
}

#else

NAPI_MODULE_INIT() {
  napi_value available;
  napi_get_boolean(env, false, &available);
  napi_set_named_property(env, exports, "available", available);
  return exports;
}

#endif
