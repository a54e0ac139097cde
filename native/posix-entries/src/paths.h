/*
 * Source paths: any length, no symlink on the way. A file that a user swaps for a link while an archive runs must not make the
 * archive read what that user could not.
 */
#ifndef POSIX_ENTRIES_PATHS_H
#define POSIX_ENTRIES_PATHS_H

#include "arguments.h"

/* open(2) of a whole path; O_NOFOLLOW and O_CLOEXEC are added. Returns -1 with errno. Writes to `path` and restores it. */
int open_path(char *path, int flags);
/* An O_PATH descriptor of the parent and the last component; `/` and `.` are their own parent with the name `.`. */
int open_parent(char *path, const char **name);
/* `/proc/self/fd/N/name`: how the xattr calls, which know no descriptors, are told a place that cannot be swapped. */
#define PROC_NAME_MAX (NAME_MAX + 40)
void proc_name(char text[PROC_NAME_MAX], int directory_fd, const char *name);

#endif
