/*
 * The log and the fault of the recorder: see interpose.c for how calls come here.
 *
 * Environment: STRONGROOM_DISK_ROOT  the folder that is watched (absolute, no links in it)
 *              STRONGROOM_DISK_LOG   where the log is appended to; not below the root; without it nothing is logged
 *              STRONGROOM_DISK_FAULT operation:nth:errno:how:pattern, how being once, stay or half; pattern as of fnmatch(3)
 *              STRONGROOM_DISK_STRUCK a file that is made when the fault strikes
 */
#define _GNU_SOURCE
#include "recorder.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* Recursive, because telling that the fault struck makes calls that come here again. */
static pthread_mutex_t one_at_a_time = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static char root[PATH_MAX];
static size_t root_length;
static int log_fd = -1;

static struct {
  char operation[16];
  char pattern[PATH_MAX];
  char how[8];
  unsigned nth;
  int error;
  unsigned seen;
  /* The first part of the path that was struck: the disk that is full from then on. */
  char disk[NAME_MAX + 1];
} fault;

static int (*plain_open)(const char *, int, ...);
static ssize_t (*plain_writev)(int, const struct iovec *, int);
static ssize_t (*plain_write)(int, const void *, size_t);

static void give_up(const char *why) {
  fprintf(stderr, "disk recorder: %s\n", why);
  abort();
}

__attribute__((constructor)) static void begin(void) {
  *(void **)&plain_open = dlsym(RTLD_NEXT, "open");
  *(void **)&plain_writev = dlsym(RTLD_NEXT, "writev");
  *(void **)&plain_write = dlsym(RTLD_NEXT, "write");
  const char *watched = getenv("STRONGROOM_DISK_ROOT");
  if (watched == NULL || watched[0] != '/' || strlen(watched) >= sizeof root) return;
  strcpy(root, watched);
  root_length = strlen(root);
  const char *log = getenv("STRONGROOM_DISK_LOG");
  if (log != NULL) {
    log_fd = plain_open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (log_fd < 0) give_up("the log cannot be opened");
    /* Out of the way of programs that close or count low descriptors. */
    int high = fcntl(log_fd, F_DUPFD_CLOEXEC, 500);
    if (high >= 0) log_fd = high;
  }
  const char *wish = getenv("STRONGROOM_DISK_FAULT");
  if (wish != NULL && sscanf(wish, "%15[a-z]:%u:%d:%7[a-z]:%4095s", fault.operation, &fault.nth, &fault.error, fault.how, fault.pattern) != 5)
    give_up("STRONGROOM_DISK_FAULT cannot be read");
}

void recorder_lock(void) { pthread_mutex_lock(&one_at_a_time); }
void recorder_unlock(void) { pthread_mutex_unlock(&one_at_a_time); }

const char *recorder_below(const char *path) {
  if (root_length == 0 || strncmp(path, root, root_length) != 0) return NULL;
  if (path[root_length] == '\0') return path + root_length;
  return path[root_length] == '/' ? path + root_length + 1 : NULL;
}

static bool where_is(int folder, char *out, size_t out_size) {
  if (folder == AT_FDCWD) return getcwd(out, out_size) != NULL;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
  ssize_t length = readlink(link, out, out_size - 1);
  if (length < 0) return false;
  out[length] = '\0';
  return true;
}

/* Takes ".", ".." and doubled slashes out. Links on the way are left: the folder that is watched has none. */
static void straighten(char *path) {
  char *to = path;
  for (const char *from = path; *from != '\0';) {
    while (*from == '/') from += 1;
    size_t length = strcspn(from, "/");
    if (length == 2 && from[0] == '.' && from[1] == '.') {
      while (to > path && *--to != '/') {}
    } else if (length > 0 && !(length == 1 && from[0] == '.')) {
      *to++ = '/';
      memmove(to, from, length);
      to += length;
    }
    from += length;
  }
  if (to == path) *to++ = '/';
  *to = '\0';
}

bool recorder_resolve(int folder, const char *path, char *out, size_t out_size) {
  if (root_length == 0 || path == NULL) return false;
  if (path[0] == '/') {
    if (strlen(path) >= out_size) return false;
    strcpy(out, path);
  } else {
    if (!where_is(folder, out, out_size)) return false;
    size_t length = strlen(out);
    if (length + 1 + strlen(path) >= out_size) return false;
    if (path[0] != '\0') snprintf(out + length, out_size - length, "/%s", path);
  }
  straighten(out);
  return true;
}

void recorder_log(const struct record *head, const char *path, const char *other, const void *data) {
  if (log_fd < 0) return;
  struct record full = *head;
  full.path_length = path == NULL ? 0 : (uint32_t)strlen(path);
  full.other_length = other == NULL ? 0 : (uint32_t)strlen(other);
  full.process = (uint32_t)getpid();
  struct iovec parts[4] = {
    {&full, sizeof full}, {(void *)(uintptr_t)path, full.path_length}, {(void *)(uintptr_t)other, full.other_length},
    {(void *)(uintptr_t)data, full.data_length},
  };
  size_t total = sizeof full + full.path_length + full.other_length + full.data_length;
  if (plain_writev(log_fd, parts, 4) != (ssize_t)total) give_up("the log cannot be written");
}

static void tell_struck(void) {
  const char *path = getenv("STRONGROOM_DISK_STRUCK");
  int fd = path == NULL ? -1 : plain_open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd >= 0) close(fd);
}

enum fault_verdict recorder_fault(const char *operation, const char *path, int *error) {
  if (fault.nth == 0) return FAULT_NONE;
  *error = fault.error;
  size_t disk_length = strcspn(path, "/");
  if (fault.disk[0] != '\0') {
    /* What is full stays full: whatever needs room fails. */
    bool needs_room = strcmp(operation, "write") == 0 || strcmp(operation, "create") == 0 || strcmp(operation, "mkdir") == 0 || strcmp(operation, "truncate") == 0;
    bool same_disk = strlen(fault.disk) == disk_length && strncmp(fault.disk, path, disk_length) == 0;
    return needs_room && same_disk && strcmp(fault.how, "once") != 0 ? FAULT_NOW : FAULT_NONE;
  }
  if (strcmp(operation, fault.operation) != 0 || fnmatch(fault.pattern, path, 0) != 0) return FAULT_NONE;
  fault.seen += 1;
  if (fault.seen != fault.nth) return FAULT_NONE;
  snprintf(fault.disk, sizeof fault.disk, "%.*s", (int)disk_length, path);
  tell_struck();
  return strcmp(fault.how, "half") == 0 ? FAULT_HALF : FAULT_NOW;
}
