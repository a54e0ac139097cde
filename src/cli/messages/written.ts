/** What a person wrote about a code, where the sentences that are said with it are only parts of one. */
export interface WrittenMeaning {
  readonly meaning: string;
  readonly advice?: string;
}

const ofSense = "what the device said stands in the message: strongroom explain tells its three numbers too";
const restoreAgain = "the content is restored whole; set it by hand, or restore as root into a file system that has it";
const otherCopies = "use another copy; strongroom archive mend NAME makes a new one of it";

/** By code. Codes that are made of parts at run time stand here too. */
export const writtenMeanings: Readonly<Record<string, WrittenMeaning>> = {
  ACL_NOT_RESTORED: { meaning: "an entry was restored without its access control list", advice: restoreAgain },
  ARCHIVE_UNKNOWN: { meaning: "there is no archive of that name; nothing was changed", advice: "see: strongroom archive list" },
  CLEANED: { meaning: "a drive was cleaned and does not ask for it any more" },
  CLEANING_FAILED: { meaning: "a drive was not cleaned: the cleaning cartridge was refused, is spent, or the drive reported a fault", advice: ofSense },
  COPIES_DOUBTED: { meaning: "a volume was closed after an error, and what was on it before was not read since: it may be good, and is not counted as safe",
    advice: "read it: strongroom volume verify BARCODE" },
  DIRECTORY_UNREADABLE: { meaning: "a directory could not be listed; what is in it is left out of the snapshot, which ends with a warning",
    advice: "allow this user to read it, or exclude it; then run the archive again" },
  DRIVES_LEFT_OUT: { meaning: "no drive is left that work could go on in: each failed before; what was confirmed on cartridges is safe",
    advice: "see what is wrong with them: strongroom drive health; then run the same command again" },
  ENTRY_UNREADABLE: { meaning: "a file or directory could not be read; it is left out of the snapshot, which ends with a warning",
    advice: "allow this user to read it, or exclude it; then run the archive again" },
  JOB_RESUMED: { meaning: "a job went on where an earlier run of it was stopped; nothing that was finished is done twice" },
  LIBRARY_UNKNOWN: { meaning: "there is no library of that name; nothing was changed", advice: "see: strongroom library list" },
  MODE_NOT_RESTORED: { meaning: "an entry was restored without its permissions", advice: restoreAgain },
  OBJECT_DOUBTFUL: { meaning: "the drive could not read a piece of a volume through by itself; whether anything is wrong with it the comparison tells that follows at once" },
  OBJECT_MISSING: { meaning: "a piece that the records have on a volume is not there" },
  OBJECT_UNKNOWN: { meaning: "a piece of a volume is not in the records: the volume is newer than they are, or another appliance wrote there" },
  OBJECT_UNREADABLE: { meaning: "a piece of a volume cannot be read", advice: otherCopies },
  OWNER_NOT_RESTORED: { meaning: "an entry was restored without its owner", advice: restoreAgain },
  PATH_LEAVES_TARGET: { meaning: "an entry has a path that would lead out of the folder that is restored into; it was not restored" },
  PATH_TOO_LONG: { meaning: "an entry has a path, or a part of one, that is longer than the system takes; it was not restored" },
  POOL_UNKNOWN: { meaning: "there is no pool of that name; nothing was changed", advice: "see: strongroom pool list" },
  QUICK_NOT_OFFERED: { meaning: "a quick verification was asked for where no drive can do one: everything was read and compared instead, which proves more" },
  REBUILD_PROBLEM: { meaning: "something that volumes say of the records could not be used for the rebuild; the rest was taken",
    advice: "the job's log says what: strongroom job show JOB" },
  REFUSED_CLEANING: { meaning: "a drive did not take the cleaning cartridge", advice: "use a cleaning cartridge that is made for this drive" },
  BOOTSTRAP_DAMAGED: { meaning: "the texts and keys at the beginning of a volume are not what they were" },
  SCANNER_LINE: { meaning: "what config.json names as a scanner cannot be read as a serial line; nothing was read from it, and everything else works",
    advice: "name the line of the scanner in console.scanners of config.json, such as one of /dev/serial/by-id" },
  SEAL_DAMAGED: { meaning: "the signed text behind a segment is not what it was" },
  SEGMENT_DAMAGED: { meaning: "a segment on a volume is not what its seal says: this copy of it is not used any more" },
  SESSION_OPEN: { meaning: "the last writing to a volume was interrupted before its trailer; what its seals prove is safe" },
  SIGNER_NOT_KNOWN: { meaning: "something on a volume is signed by a key that this appliance does not know" },
  STILL_DIRTY: { meaning: "a drive was cleaned and asks for it again", advice: "clean it once more; if it still asks, have the drive serviced" },
  TIME_NOT_RESTORED: { meaning: "an entry was restored without its time", advice: restoreAgain },
  TRAILER_DAMAGED: { meaning: "the list that closes a session of a volume is not what it was" },
  UNEXPECTED: { meaning: "something that nobody thought of; the message is that of the runtime or the system" },
  USAGE: { meaning: "the command line is not one that the program knows; nothing was done", advice: "add --help to see how the command is used" },
  VERIFY_RESUMED: { meaning: "a verification went on behind what an earlier run of it had read" },
  VOLUME_DIFFERS: { meaning: "a volume that should be in a place is another one" },
  VOLUME_PROBLEM: { meaning: "something on a volume could not be used for the rebuild; the rest of it was taken",
    advice: "the job's log says what: strongroom job show JOB" },
  VOLUME_NOT_IN_PLACE: { meaning: "a cartridge was in a library and is there no more, though it did not leave through a mail slot; what is on it is not counted as safe",
    advice: "put it back and take stock: strongroom library audit LIBRARY" },
  XATTR_NOT_RESTORED: { meaning: "an entry was restored without one of its extended attributes", advice: restoreAgain },
};
