/* What passes between JavaScript and the calls: bounded arguments in, errors with a code out. */
#ifndef POSIX_ENTRIES_ARGUMENTS_H
#define POSIX_ENTRIES_ARGUMENTS_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <limits.h>
#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A path may be longer than PATH_MAX (see paths.h); this bounds what is taken from JavaScript. */
#define PATH_BYTES_MAX (1024 * 1024)
#define ARGUMENTS_MAX 6

struct arguments {
  napi_env env;
  napi_value values[ARGUMENTS_MAX];
  size_t count;
};

/* Each take_* returns false with a JavaScript exception pending when the argument is not what it must be. */
bool take_arguments(napi_env env, napi_callback_info info, size_t wanted, struct arguments *arguments);
bool take_fd(const struct arguments *arguments, size_t index, int *fd);
bool take_u32(const struct arguments *arguments, size_t index, uint32_t *value);
bool take_double(const struct arguments *arguments, size_t index, double *value);
bool take_bool(const struct arguments *arguments, size_t index, bool *value);
/* Bytes owned by JavaScript, valid during the call. */
bool take_bytes(const struct arguments *arguments, size_t index, const uint8_t **bytes, size_t *length);
/* A path as a C string that the caller frees: not empty, no NUL. */
bool take_path(const struct arguments *arguments, size_t index, char **path);
/* One path component: not empty, no NUL, no slash, neither `.` nor `..`. */
bool take_name(const struct arguments *arguments, size_t index, char name[NAME_MAX + 1]);
/* The name of an attribute or of an account. */
bool take_word(const struct arguments *arguments, size_t index, char word[NAME_MAX + 1]);

/* Throws an Error with code, errno (negative, as Node has it) and syscall; returns NULL for `return throw_errno(...)`. */
napi_value throw_errno(napi_env env, int error, const char *syscall_name);
/* `ENOENT` for ENOENT; never NULL. */
const char *errno_name(int error);
napi_value undefined_value(napi_env env);
/* A Buffer with a copy of the bytes. */
napi_value bytes_value(napi_env env, const void *bytes, size_t length);

#endif
