#include "exchange.h"

#include <errno.h>
#include <limits.h>
#include <linux/bsg.h>
#include <scsi/sg.h>
#include <string.h>
#include <time.h>

#include "system.h"

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int exchange_v3(int fd, const struct sg_command *command, struct sg_answer *answer) {
  static const int directions[] = {SG_DXFER_NONE, SG_DXFER_FROM_DEV, SG_DXFER_TO_DEV};
  struct sg_io_hdr header;
  memset(&header, 0, sizeof header);
  header.interface_id = 'S';
  header.dxfer_direction = directions[command->direction];
  header.cmd_len = command->cdb_length;
  header.cmdp = (unsigned char *)(uintptr_t)command->cdb;
  header.mx_sb_len = SG_SENSE_MAX;
  header.sbp = answer->sense;
  header.dxfer_len = command->data_length;
  header.dxferp = command->data;
  header.timeout = command->timeout_ms;
  header.flags = command->direct ? SG_FLAG_DIRECT_IO : 0;
  if (sg_system_ioctl(fd, SG_IO, &header) < 0) return errno;
  answer->status = header.status;
  answer->host_status = header.host_status;
  answer->driver_status = header.driver_status;
  answer->residual = header.resid;
  answer->was_direct = (header.info & SG_INFO_DIRECT_IO_MASK) == SG_INFO_DIRECT_IO;
  answer->sense_length = header.sb_len_wr;
  return 0;
}

static int exchange_v4(int fd, const struct sg_command *command, struct sg_answer *answer) {
  struct sg_io_v4 header;
  memset(&header, 0, sizeof header);
  header.guard = 'Q';
  header.protocol = BSG_PROTOCOL_SCSI;
  header.subprotocol = BSG_SUB_PROTOCOL_SCSI_CMD;
  header.request_len = command->cdb_length;
  header.request = (uintptr_t)command->cdb;
  header.max_response_len = SG_SENSE_MAX;
  header.response = (uintptr_t)answer->sense;
  if (command->direction == SG_DATA_IN) {
    header.din_xfer_len = command->data_length;
    header.din_xferp = (uintptr_t)command->data;
  } else if (command->direction == SG_DATA_OUT) {
    header.dout_xfer_len = command->data_length;
    header.dout_xferp = (uintptr_t)command->data;
  }
  header.timeout = command->timeout_ms;
  if (sg_system_ioctl(fd, SG_IO, &header) < 0) return errno;
  answer->status = (uint8_t)header.device_status;
  answer->host_status = (uint16_t)header.transport_status;
  answer->driver_status = (uint16_t)header.driver_status;
  answer->residual = command->direction == SG_DATA_OUT ? header.dout_resid : header.din_resid;
  answer->sense_length = header.response_len > SG_SENSE_MAX ? SG_SENSE_MAX : (uint8_t)header.response_len;
  return 0;
}

int sg_exchange(int fd, int version, const struct sg_command *command, struct sg_answer *answer) {
  memset(answer, 0, sizeof *answer);
  const double started_ms = now_ms();
  const int error = version == 4 ? exchange_v4(fd, command, answer) : exchange_v3(fd, command, answer);
  answer->duration_ms = now_ms() - started_ms;
  /* A driver that claims more sense data than there is room for must not make anybody read beyond it. */
  if (answer->sense_length > SG_SENSE_MAX) answer->sense_length = SG_SENSE_MAX;
  return error;
}

int sg_reserve(int fd, uint32_t bytes, uint32_t *granted) {
  int size = bytes > INT_MAX ? INT_MAX : (int)bytes;
  if (size > 0 && sg_system_ioctl(fd, SG_SET_RESERVED_SIZE, &size) < 0) return errno;
  if (sg_system_ioctl(fd, SG_GET_RESERVED_SIZE, &size) < 0) return errno;
  *granted = size < 0 ? 0 : (uint32_t)size;
  return 0;
}

int sg_driver_version(int fd, int *version) {
  *version = 0;
  return sg_system_ioctl(fd, SG_GET_VERSION_NUM, version) < 0 ? errno : 0;
}
