#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "system.h"

/* The thread calls the kernel and reports; sanitizers want some more. */
#define STACK_BYTES (256 * 1024)

struct sg_device {
  pthread_mutex_t mutex;
  /* Something was queued, or the device is to be closed. */
  pthread_cond_t wakened;
  /* The thread is no longer with the kernel. */
  pthread_cond_t settled;
  /* Everything below is guarded by the mutex, but for what the thread alone uses. */
  struct sg_request *first;
  struct sg_request **end;
  uint32_t queued;
  bool closing;
  bool with_kernel;
  unsigned references;
  /* Set once. */
  struct sg_options options;
  sg_report *report;
  void *context;
  char *path;
  /* The thread's own; made beforehand, because there must be no want of memory when it is needed. */
  struct sg_request *opened;
  struct sg_request *farewell;
};

static void destroy(struct sg_device *device) {
  pthread_cond_destroy(&device->wakened);
  pthread_cond_destroy(&device->settled);
  pthread_mutex_destroy(&device->mutex);
  free(device->opened);
  free(device->farewell);
  free(device->path);
  free(device);
}

void sg_device_release(struct sg_device *device) {
  pthread_mutex_lock(&device->mutex);
  const unsigned left = --device->references;
  pthread_mutex_unlock(&device->mutex);
  if (left == 0) destroy(device);
}

static int fail(struct sg_request *request, const char *call, int error) {
  request->error = error;
  request->call = error == 0 ? NULL : call;
  return error;
}

/* Opens without waiting: with O_NONBLOCK, sg neither waits for an exclusive holder nor for a device in error recovery. */
static int open_device(const struct sg_device *device, struct sg_request *opened) {
  const int flags = O_RDWR | O_NONBLOCK | O_CLOEXEC | (device->options.exclusive ? O_EXCL : 0);
  const int fd = sg_system_open(device->path, flags);
  if (fd < 0) {
    fail(opened, "open", errno);
    return -1;
  }
  if (fail(opened, "ioctl(SG_GET_VERSION_NUM)", sg_driver_version(fd, &opened->driver_version)) == 0) {
    fail(opened, "ioctl(SG_SET_RESERVED_SIZE)", sg_reserve(fd, device->options.reserve_bytes, &opened->bytes));
  }
  if (opened->error == 0) return fd;
  sg_system_close(fd);
  return -1;
}

static void perform(const struct sg_device *device, int fd, struct sg_request *request) {
  if (request->kind == SG_RESERVED) {
    fail(request, "ioctl(SG_SET_RESERVED_SIZE)", sg_reserve(fd, request->bytes, &request->bytes));
  } else {
    fail(request, "ioctl(SG_IO)", sg_exchange(fd, device->options.version, &request->command, &request->answer));
  }
}

/* The next request, now with the kernel as far as others can tell; NULL when the device is to be closed. */
static struct sg_request *take(struct sg_device *device) {
  pthread_mutex_lock(&device->mutex);
  while (device->first == NULL && !device->closing) pthread_cond_wait(&device->wakened, &device->mutex);
  struct sg_request *request = device->closing ? NULL : device->first;
  if (request != NULL) {
    device->first = request->next;
    if (device->first == NULL) device->end = &device->first;
    device->queued--;
    device->with_kernel = true;
    request->next = NULL;
  }
  pthread_mutex_unlock(&device->mutex);
  return request;
}

static void settle(struct sg_device *device) {
  pthread_mutex_lock(&device->mutex);
  device->with_kernel = false;
  pthread_cond_broadcast(&device->settled);
  pthread_mutex_unlock(&device->mutex);
}

static void *serve(void *argument) {
  struct sg_device *device = argument;
  char name[16];
  const char *slash = strrchr(device->path, '/');
  snprintf(name, sizeof name, "sg:%s", slash == NULL ? device->path : slash + 1);
  prctl(PR_SET_NAME, name);
  struct sg_request *request = device->opened;
  device->opened = NULL;
  const int fd = open_device(device, request);
  device->report(device->context, request);
  while (fd >= 0 && (request = take(device)) != NULL) {
    perform(device, fd, request);
    settle(device);
    device->report(device->context, request);
  }
  if (fd >= 0) sg_system_close(fd);
  /* What was queued while the device could not be opened is the receiver's, as after a close. */
  for (request = sg_device_close(device); request != NULL;) {
    struct sg_request *next = request->next;
    fail(request, "open", ENODEV);
    request->next = NULL;
    device->report(device->context, request);
    request = next;
  }
  request = device->farewell;
  device->farewell = NULL;
  device->report(device->context, request);
  sg_device_release(device);
  return NULL;
}

/* Signals are for other threads: see sg_exchange. */
static int start_thread(struct sg_device *device) {
  pthread_t thread;
  pthread_attr_t attributes;
  sigset_t all, before;
  int error = pthread_attr_init(&attributes);
  if (error != 0) return error;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, STACK_BYTES);
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  error = pthread_create(&thread, &attributes, serve, device);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  return error;
}

struct sg_device *sg_device_start(const char *path, const struct sg_options *options, sg_report *report, void *context) {
  struct sg_device *device = calloc(1, sizeof *device);
  if (device == NULL) return NULL;
  pthread_mutex_init(&device->mutex, NULL);
  pthread_cond_init(&device->wakened, NULL);
  pthread_cond_init(&device->settled, NULL);
  device->end = &device->first;
  device->references = 2;
  device->options = *options;
  device->report = report;
  device->context = context;
  device->path = strdup(path);
  device->opened = calloc(1, sizeof *device->opened);
  device->farewell = calloc(1, sizeof *device->farewell);
  int error = device->path == NULL || device->opened == NULL || device->farewell == NULL ? ENOMEM : 0;
  if (error == 0) {
    device->opened->kind = SG_OPENED;
    device->farewell->kind = SG_FAREWELL;
    error = start_thread(device);
  }
  if (error == 0) return device;
  destroy(device);
  errno = error;
  return NULL;
}

enum sg_accepted sg_device_submit(struct sg_device *device, struct sg_request *request) {
  enum sg_accepted accepted = SG_ACCEPTED;
  pthread_mutex_lock(&device->mutex);
  if (device->closing) {
    accepted = SG_CLOSED;
  } else if (device->queued >= device->options.queue_limit) {
    accepted = SG_QUEUE_FULL;
  } else {
    request->next = NULL;
    *device->end = request;
    device->end = &request->next;
    device->queued++;
    pthread_cond_signal(&device->wakened);
  }
  pthread_mutex_unlock(&device->mutex);
  return accepted;
}

struct sg_request *sg_device_close(struct sg_device *device) {
  pthread_mutex_lock(&device->mutex);
  struct sg_request *waiting = device->first;
  device->first = NULL;
  device->end = &device->first;
  device->queued = 0;
  device->closing = true;
  pthread_cond_signal(&device->wakened);
  pthread_mutex_unlock(&device->mutex);
  return waiting;
}

void sg_device_settle(struct sg_device *device) {
  pthread_mutex_lock(&device->mutex);
  while (device->with_kernel) pthread_cond_wait(&device->settled, &device->mutex);
  pthread_mutex_unlock(&device->mutex);
}
