/*
 * Lets iscsi-test-cu start on units that are no disks: it asks every unit for its capacity first. READ CAPACITY(10) becomes INQUIRY on the wire, and
 * its answer is that of a small disk. Whatever tests ask of the unit itself goes to it as it is. For libiscsi 7, which iscsi-test-cu links with.
 * cc -shared -fPIC -o any-unit.so any-unit.c && LD_PRELOAD=./any-unit.so iscsi-test-cu ...
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

struct scsi_task;
struct scsi_task *scsi_cdb_inquiry(int evpd, int page_code, int allocation_bytes);

/* The parts that libiscsi decodes of READ CAPACITY(10), in its own order. */
struct capacity {
	uint32_t last_block;
	uint32_t block_bytes;
};

enum { standard_inquiry_bytes = 36 };

static struct scsi_task *disguised;
static struct capacity small_disk;

struct scsi_task *scsi_cdb_readcapacity10(int block, int partial)
{
	(void)block;
	(void)partial;
	disguised = scsi_cdb_inquiry(0, 0, standard_inquiry_bytes);
	return disguised;
}

void *scsi_datain_unmarshall(struct scsi_task *task)
{
	static void *(*decode)(struct scsi_task *);

	if (task != NULL && task == disguised) {
		small_disk.last_block = 2047;
		small_disk.block_bytes = 512;
		return &small_disk;
	}
	if (decode == NULL)
		decode = (void *(*)(struct scsi_task *))dlsym(RTLD_NEXT, "scsi_datain_unmarshall");
	if (decode == NULL)
		abort();
	return decode(task);
}

/* A task that is freed may be given its memory to another one, which is then none of ours. */
void scsi_free_scsi_task(struct scsi_task *task)
{
	static void (*release)(struct scsi_task *);

	if (task == disguised)
		disguised = NULL;
	if (release == NULL)
		release = (void (*)(struct scsi_task *))dlsym(RTLD_NEXT, "scsi_free_scsi_task");
	if (release == NULL)
		abort();
	release(task);
}
