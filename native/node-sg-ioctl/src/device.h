/*
 * A device, its thread and its queue. Each device has a thread of its own, because one command may take many hours and must
 * delay no other device. Nothing here knows JavaScript.
 */
#ifndef SG_DEVICE_H
#define SG_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "exchange.h"

struct sg_device;

enum sg_kind {
  /* The device was opened, or could not be: then `error`, and a farewell follows. Always the first report. */
  SG_OPENED,
  SG_EXCHANGED,
  SG_RESERVED,
  /* The device was closed and the thread ends. Always the last report. */
  SG_FAREWELL,
};

struct sg_request {
  struct sg_request *next;
  enum sg_kind kind;
  uint32_t id;
  struct sg_command command;
  struct sg_answer answer;
  /* Of SG_RESERVED: bytes wanted, then bytes granted. Of SG_OPENED: bytes granted. */
  uint32_t bytes;
  /* Of SG_OPENED. */
  int driver_version;
  /* errno, 0 for success, and the call that failed. */
  int error;
  const char *call;
};

struct sg_options {
  /* Of the header: 3 or 4. */
  int version;
  bool exclusive;
  /* Reserved buffer to ask for when opening; 0 leaves the kernel's own. */
  uint32_t reserve_bytes;
  uint32_t queue_limit;
};

/*
 * Called on the device's thread for each request that has ended; the request then belongs to the receiver, who frees it.
 * After the farewell nothing is called any more.
 */
typedef void sg_report(void *context, struct sg_request *request);

enum sg_accepted { SG_ACCEPTED, SG_QUEUE_FULL, SG_CLOSED };

/*
 * Starts the thread, which opens the device and reports that. NULL with errno when no thread can be had. The caller holds one
 * reference, the thread another.
 */
struct sg_device *sg_device_start(const char *path, const struct sg_options *options, sg_report *report, void *context);

/* Queues a request of kind SG_EXCHANGED or SG_RESERVED, made by calloc. Unless accepted it stays the caller's. Never waits. */
enum sg_accepted sg_device_submit(struct sg_device *device, struct sg_request *request);

/*
 * No more requests are begun; those not begun are returned as a list that is the caller's. One that the kernel has is reported
 * when it comes back: Linux has no way to take a command back, only its time-out ends it. Never waits. Closing twice is fine.
 */
struct sg_request *sg_device_close(struct sg_device *device);

/* Waits until no command is with the kernel: for when the memory that one uses is about to go. */
void sg_device_settle(struct sg_device *device);

void sg_device_release(struct sg_device *device);

#endif
