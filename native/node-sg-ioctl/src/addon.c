/*
 * The N-API door: one handle for each device, completions by a thread-safe function. index.js is the only caller and checks what
 * people pass; what could break memory is checked here again.
 */
#include <errno.h>
#include <node_api.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"

#define PATH_BYTES_MAX 4096
#define ALLOCATION_MAX (256u * 1024 * 1024)

struct handle {
  pthread_mutex_t mutex;
  /* Guarded, because the environment may end while a command is with the kernel: NULL from then on. */
  napi_threadsafe_function function;
  struct sg_device *device;
  bool waits_at_exit;
  /* JavaScript, the thread-safe function and the device's thread hold one each. */
  unsigned references;
};

static void release(struct handle *handle) {
  pthread_mutex_lock(&handle->mutex);
  const unsigned left = --handle->references;
  pthread_mutex_unlock(&handle->mutex);
  if (left > 0) return;
  if (handle->device != NULL) sg_device_release(handle->device);
  pthread_mutex_destroy(&handle->mutex);
  free(handle);
}

static void free_list(struct sg_request *request) {
  while (request != NULL) {
    struct sg_request *next = request->next;
    free(request);
    request = next;
  }
}

/* On the device's thread. */
static void report(void *context, struct sg_request *request) {
  struct handle *handle = context;
  const bool is_last = request->kind == SG_FAREWELL;
  pthread_mutex_lock(&handle->mutex);
  if (handle->function == NULL || napi_call_threadsafe_function(handle->function, request, napi_tsfn_nonblocking) != napi_ok) {
    free(request);
  }
  pthread_mutex_unlock(&handle->mutex);
  if (is_last) release(handle);
}

/* The thread-safe function has ended: after a farewell, or with its environment. */
static void finalize_function(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  struct handle *handle = data;
  pthread_mutex_lock(&handle->mutex);
  handle->function = NULL;
  pthread_mutex_unlock(&handle->mutex);
  if (handle->device != NULL) {
    free_list(sg_device_close(handle->device));
    /* A process goes on after one of its workers: memory that the kernel may still write to must not go away before. */
    if (handle->waits_at_exit) sg_device_settle(handle->device);
  }
  release(handle);
}

static void finalize_external(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  release(data);
}

static napi_value refuse(napi_env env, const char *message) {
  napi_throw_type_error(env, "ERR_INVALID_ARG", message);
  return NULL;
}

static napi_value number(napi_env env, double value) {
  napi_value result = NULL;
  napi_create_double(env, value, &result);
  return result;
}

static napi_value boolean(napi_env env, bool value) {
  napi_value result = NULL;
  napi_get_boolean(env, value, &result);
  return result;
}

static napi_value nothing(napi_env env) {
  napi_value result = NULL;
  napi_get_undefined(env, &result);
  return result;
}

/* On the JavaScript thread: callback(kind, id, errno, call, bytes, driverVersion, status, …) */
static void deliver(napi_env env, napi_value callback, void *context, void *data) {
  struct handle *handle = context;
  struct sg_request *request = data;
  if (env == NULL) {
    free(request);
    return;
  }
  const struct sg_answer *answer = &request->answer;
  napi_value call = nothing(env), sense = nothing(env), receiver = nothing(env);
  if (request->call != NULL) napi_create_string_utf8(env, request->call, NAPI_AUTO_LENGTH, &call);
  if (answer->sense_length > 0) napi_create_buffer_copy(env, answer->sense_length, answer->sense, NULL, &sense);
  napi_value arguments[] = {
    number(env, request->kind), number(env, request->id), number(env, request->error), call,
    number(env, request->bytes), number(env, request->driver_version),
    number(env, answer->status), number(env, answer->host_status), number(env, answer->driver_status),
    number(env, answer->residual), boolean(env, answer->was_direct), number(env, answer->duration_ms), sense,
  };
  const bool is_last = request->kind == SG_FAREWELL;
  free(request);
  napi_call_function(env, receiver, callback, sizeof arguments / sizeof *arguments, arguments, NULL);
  if (is_last) napi_release_threadsafe_function(handle->function, napi_tsfn_release);
}

static bool take_u32(napi_env env, napi_value value, uint32_t *result) {
  double given;
  if (napi_get_value_double(env, value, &given) != napi_ok || !(given >= 0 && given <= UINT32_MAX)) return false;
  *result = (uint32_t)given;
  return given == (double)*result;
}

static bool take_bytes(napi_env env, napi_value value, uint8_t **bytes, size_t *length) {
  bool is_typed = false;
  napi_typedarray_type type;
  void *data = NULL;
  if (napi_is_typedarray(env, value, &is_typed) != napi_ok || !is_typed) return false;
  if (napi_get_typedarray_info(env, value, &type, length, &data, NULL, NULL) != napi_ok || type != napi_uint8_array) return false;
  *bytes = data;
  return data != NULL || *length == 0;
}

static struct handle *take_handle(napi_env env, napi_value value) {
  napi_valuetype type;
  void *data = NULL;
  if (napi_typeof(env, value, &type) != napi_ok || type != napi_external) return NULL;
  return napi_get_value_external(env, value, &data) == napi_ok ? data : NULL;
}

static bool take_arguments(napi_env env, napi_callback_info info, size_t wanted, napi_value *arguments) {
  size_t count = wanted;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) == napi_ok && count == wanted) return true;
  refuse(env, "wrong number of arguments");
  return false;
}

static bool make_function(napi_env env, napi_value callback, struct handle *handle) {
  napi_value name;
  return napi_create_string_utf8(env, "node-sg-ioctl", NAPI_AUTO_LENGTH, &name) == napi_ok &&
      napi_create_threadsafe_function(env, callback, NULL, name, 0, 1, handle, finalize_function, handle, deliver,
                                      &handle->function) == napi_ok;
}

static napi_value throw_errno(napi_env env, int error, const char *what) {
  napi_throw_error(env, error == EAGAIN ? "EAGAIN" : "ENOMEM", what);
  return NULL;
}

/* open(path, version, exclusive, reserveBytes, queueLimit, waitsAtExit, callback) -> external */
static napi_value open_handle(napi_env env, napi_callback_info info) {
  napi_value arguments[7], external = NULL;
  char path[PATH_BYTES_MAX];
  size_t length = 0;
  uint32_t version;
  bool exclusive, waits_at_exit;
  struct sg_options options = {0};
  if (!take_arguments(env, info, 7, arguments)) return NULL;
  if (napi_get_value_string_utf8(env, arguments[0], path, sizeof path, &length) != napi_ok || length == 0 ||
      length >= sizeof path - 1 || strlen(path) != length || !take_u32(env, arguments[1], &version) ||
      (version != 3 && version != 4) || napi_get_value_bool(env, arguments[2], &exclusive) != napi_ok ||
      !take_u32(env, arguments[3], &options.reserve_bytes) || !take_u32(env, arguments[4], &options.queue_limit) ||
      napi_get_value_bool(env, arguments[5], &waits_at_exit) != napi_ok) {
    return refuse(env, "open(path, version, exclusive, reserveBytes, queueLimit, waitsAtExit, callback)");
  }
  options.version = (int)version;
  options.exclusive = exclusive;
  struct handle *handle = calloc(1, sizeof *handle);
  if (handle == NULL) return throw_errno(env, ENOMEM, "no memory for a device");
  pthread_mutex_init(&handle->mutex, NULL);
  handle->waits_at_exit = waits_at_exit;
  handle->references = 1;
  if (!make_function(env, arguments[6], handle)) {
    release(handle);
    return refuse(env, "callback is not a function");
  }
  handle->references = 3;
  if (napi_create_external(env, handle, finalize_external, NULL, &external) != napi_ok) {
    handle->references = 1;
    napi_release_threadsafe_function(handle->function, napi_tsfn_abort);
    return throw_errno(env, ENOMEM, "no memory for a device");
  }
  /* The first report may come before this returns; it waits in the queue of the function until JavaScript runs again. */
  handle->device = sg_device_start(path, &options, report, handle);
  if (handle->device != NULL) return external;
  const int error = errno;
  handle->references--;
  napi_release_threadsafe_function(handle->function, napi_tsfn_abort);
  return throw_errno(env, error, "no thread for a device");
}

static napi_value submit(napi_env env, struct handle *handle, struct sg_request *request) {
  const enum sg_accepted accepted = sg_device_submit(handle->device, request);
  if (accepted != SG_ACCEPTED) free(request);
  return number(env, accepted);
}

/* execute(handle, id, cdb, direction, data, timeoutMs, direct) -> accepted */
static napi_value execute(napi_env env, napi_callback_info info) {
  napi_value arguments[7];
  struct sg_command command = {0};
  uint8_t *cdb = NULL;
  size_t cdb_length = 0, data_length = 0;
  uint32_t id, direction;
  if (!take_arguments(env, info, 7, arguments)) return NULL;
  struct handle *handle = take_handle(env, arguments[0]);
  if (handle == NULL || !take_u32(env, arguments[1], &id) || !take_bytes(env, arguments[2], &cdb, &cdb_length) ||
      cdb_length < SG_CDB_MIN || cdb_length > SG_CDB_MAX || !take_u32(env, arguments[3], &direction) ||
      direction > SG_DATA_OUT || !take_u32(env, arguments[5], &command.timeout_ms) || command.timeout_ms == 0 ||
      command.timeout_ms > SG_TIMEOUT_MAX || napi_get_value_bool(env, arguments[6], &command.direct) != napi_ok) {
    return refuse(env, "execute(handle, id, cdb, direction, data, timeoutMs, direct)");
  }
  if (direction != SG_NO_DATA &&
      (!take_bytes(env, arguments[4], &command.data, &data_length) || data_length == 0 || data_length > INT32_MAX)) {
    return refuse(env, "data is not 1 to 2147483647 bytes");
  }
  struct sg_request *request = calloc(1, sizeof *request);
  if (request == NULL) return throw_errno(env, ENOMEM, "no memory for a command");
  request->kind = SG_EXCHANGED;
  request->id = id;
  command.direction = (enum sg_direction)direction;
  command.data_length = (uint32_t)data_length;
  command.cdb_length = (uint8_t)cdb_length;
  memcpy(command.cdb, cdb, cdb_length);
  request->command = command;
  return submit(env, handle, request);
}

/* reserve(handle, id, bytes) -> accepted */
static napi_value reserve(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  uint32_t id, bytes;
  if (!take_arguments(env, info, 3, arguments)) return NULL;
  struct handle *handle = take_handle(env, arguments[0]);
  if (handle == NULL || !take_u32(env, arguments[1], &id) || !take_u32(env, arguments[2], &bytes)) {
    return refuse(env, "reserve(handle, id, bytes)");
  }
  struct sg_request *request = calloc(1, sizeof *request);
  if (request == NULL) return throw_errno(env, ENOMEM, "no memory for a request");
  request->kind = SG_RESERVED;
  request->id = id;
  request->bytes = bytes;
  return submit(env, handle, request);
}

/* close(handle): what was not begun is forgotten; the caller rejects everything that is pending. */
static napi_value close_handle(napi_env env, napi_callback_info info) {
  napi_value argument;
  if (!take_arguments(env, info, 1, &argument)) return NULL;
  struct handle *handle = take_handle(env, argument);
  if (handle == NULL) return refuse(env, "close(handle)");
  free_list(sg_device_close(handle->device));
  return nothing(env);
}

/* hold(handle, alive): whether the handle keeps the process alive. */
static napi_value hold(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  bool alive;
  if (!take_arguments(env, info, 2, arguments)) return NULL;
  struct handle *handle = take_handle(env, arguments[0]);
  if (handle == NULL || napi_get_value_bool(env, arguments[1], &alive) != napi_ok) return refuse(env, "hold(handle, alive)");
  /* Only this thread makes it NULL. */
  if (handle->function == NULL) return nothing(env);
  if (alive) napi_ref_threadsafe_function(env, handle->function);
  else napi_unref_threadsafe_function(env, handle->function);
  return nothing(env);
}

static void free_memory(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  free(data);
}

/* allocate(bytes) -> ArrayBuffer that begins on a page and is zero */
static napi_value allocate(napi_env env, napi_callback_info info) {
  napi_value argument, buffer = NULL;
  uint32_t bytes;
  void *memory = NULL;
  if (!take_arguments(env, info, 1, &argument)) return NULL;
  if (!take_u32(env, argument, &bytes) || bytes == 0 || bytes > ALLOCATION_MAX) return refuse(env, "bytes is not 1 to 268435456");
  if (posix_memalign(&memory, (size_t)sysconf(_SC_PAGESIZE), bytes) != 0) return throw_errno(env, ENOMEM, "no memory for a buffer");
  memset(memory, 0, bytes);
  if (napi_create_external_arraybuffer(env, memory, bytes, free_memory, NULL, &buffer) == napi_ok) return buffer;
  free(memory);
  return throw_errno(env, ENOMEM, "this runtime takes no outside memory");
}

NAPI_MODULE_INIT() {
  static const struct { const char *name; napi_callback call; } calls[] = {
    {"open", open_handle}, {"execute", execute}, {"reserve", reserve},
    {"close", close_handle}, {"hold", hold}, {"allocate", allocate},
  };
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    napi_value function;
    if (napi_create_function(env, calls[i].name, NAPI_AUTO_LENGTH, calls[i].call, NULL, &function) != napi_ok ||
        napi_set_named_property(env, exports, calls[i].name, function) != napi_ok) {
      return NULL;
    }
  }
  return exports;
}
