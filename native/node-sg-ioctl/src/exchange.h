/* One command and its answer, through the header of version 3 (sg, block devices) or 4 (bsg). */
#ifndef SG_EXCHANGE_H
#define SG_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#define SG_CDB_MIN 6
#define SG_CDB_MAX 32
/* The kernel keeps 96 bytes of sense data; SPC-5 allows 252. */
#define SG_SENSE_MAX 252
/* Milliseconds that fit into an int: more is endless for some kernels. */
#define SG_TIMEOUT_MAX 2147483647u

enum sg_direction { SG_NO_DATA, SG_DATA_IN, SG_DATA_OUT };

struct sg_command {
  uint8_t cdb[SG_CDB_MAX];
  uint8_t cdb_length;
  enum sg_direction direction;
  /* Not copied: it must stay where it is until the exchange has ended. */
  uint8_t *data;
  uint32_t data_length;
  uint32_t timeout_ms;
  /* Asks sg to let the device reach `data` itself; the kernel may decline. */
  bool direct;
};

struct sg_answer {
  uint8_t status;
  uint16_t host_status;
  uint16_t driver_status;
  /* Bytes of `data` that were not moved, as the kernel says: it may be negative when a device sends too much. */
  int32_t residual;
  bool was_direct;
  double duration_ms;
  uint8_t sense_length;
  uint8_t sense[SG_SENSE_MAX];
};

/*
 * Returns 0 with the answer, or the errno of the ioctl. Nothing is ever sent twice: an ioctl that a signal interrupted may have
 * reached the device, so EINTR is an error like any other. The caller blocks all signals: after a handler with SA_RESTART the
 * kernel itself would issue the same ioctl again.
 */
int sg_exchange(int fd, int version, const struct sg_command *command, struct sg_answer *answer);

/* Asks for a reserved buffer and tells what was granted; 0 or errno. Asking for 0 bytes only tells. */
int sg_reserve(int fd, uint32_t bytes, uint32_t *granted);

/* Version of the driver, as 30536 for 3.5.36; ENOTTY when the file is no SCSI device. */
int sg_driver_version(int fd, int *version);

#endif
