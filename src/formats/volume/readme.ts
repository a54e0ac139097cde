import { formatBytes, rfc3339 } from "../../words/index.ts";
import type { VolumeFacts } from "./texts.ts";

/*
 * README-FIRST.txt: written for somebody who found this volume in thirty years, knows nothing of us and has a Linux machine.
 * ASCII, at most 72 columns, commands exactly as they are typed.
 */

const columns = 72;

/** The text for one volume. Equal facts give equal texts. */
export function readmeText(facts: VolumeFacts): string {
  const sections = [
    whatThisIs(facts),
    ifYouFoundIt(facts),
    whatYouNeed(facts),
    whereKeysAre(facts),
    howItIsLaidOut(facts),
    facts.description.medium === "tape" ? stepsForTape(facts) : stepsForFolder(facts),
    byHand(facts),
    ifSomethingFails(facts),
    otherVolumes(facts),
    glossary(),
    formatIdentity(facts),
  ];
  const title = `ARCHIVE VOLUME ${facts.description.barcode}`;
  const text = [`${title}\n${"=".repeat(title.length)}`, ...sections].join("\n\n");
  return `${text.split("\n").map((line) => line.trimEnd()).join("\n")}\n`;
}

function whatThisIs({ description }: VolumeFacts): string {
  const thing = description.medium === "tape" ? "tape" : "disk";
  return section("1. WHAT THIS IS", [
    paragraph(`This ${thing} is volume ${description.barcode} of the archive pool "${description.pool}". It was begun on `
      + `${rfc3339(description.createdAtMs)} by the archiving appliance "${description.appliance.name}". It holds encrypted `
      + "copies of files. Everything needed to read it is free software that comes with, or can be installed on, any Linux "
      + "system: mt, dd, gpg, zstd, tar and sha256sum. The program that wrote it is not needed."),
    paragraph(description.medium === "tape"
      ? "PLEASE do not erase it and do not write on it. Slide the tab on the cartridge to the locked position before you do "
        + "anything else."
      : "PLEASE do not erase it and do not write on it. Attach it read-only if you can, and work on a copy."),
  ]);
}

function ifYouFoundIt({ custody }: VolumeFacts): string {
  const named = custody.trim() === "" ? ["    Nobody was named when this volume was written."] : quoted(custody);
  return section("2. IF YOU FOUND IT", [
    paragraph("It belongs to somebody who may be looking for it. These were named as the ones to ask, when it was written:"),
    named.join("\n"),
    paragraph("Without the keys nobody can read the files in it. It is still worth returning."),
  ]);
}

function whatYouNeed({ description }: VolumeFacts): string {
  const drive = description.medium === "tape"
    ? `a) a tape drive that reads this kind of cartridge (the last two characters of the label, `
      + `${description.barcode.slice(-2)}, tell `
      + "which: L9 is LTO-9, and so on), attached to a Linux machine;"
    : "a) a Linux machine that can attach this disk;";
  return section("3. WHAT YOU NEED", [
    item(drive),
    item("b) these programs, all free: tar (GNU tar), gpg (GnuPG 2.1 or later), zstd, sha256sum"
      + `${description.medium === "tape" ? ", mt (package mt-st), dd" : ""}. Debian: apt install gnupg zstd tar mt-st;`),
    item("c) one of the private keys of section 4, and what unlocks it;"),
    item("d) disk space: as much as all volumes of the pool together, and as much again for the files that come out. A "
      + "restore that needs only some volumes needs only their space."),
  ]);
}

function whereKeysAre({ description, hasLockedRecoveryKey }: VolumeFacts): string {
  const recipients = description.recipients.map(({ role, fingerprint, userIds }) =>
    [`    ${role} key`, `    ${fingerprint}`, ...userIds.map((userId) => `      ${cut(userId, columns - 6)}`)].join("\n"));
  return section("4. WHERE THE KEYS ARE", [
    paragraph("The files are encrypted so that ANY ONE of these keys opens all of them:"),
    recipients.join("\n"),
    paragraph(hasLockedRecoveryKey
      ? "The recovery key is on this volume, in keys/recovery-key-locked.asc. It is locked by a passphrase, which is kept "
        + "apart from it: section 2 says who to ask. Who has a file with a private key imports it with: gpg --import FILE"
      : "The private keys are NOT on this volume: section 2 says who to ask. Who has a file with a private key imports it "
        + "with: gpg --import FILE"),
    paragraph("Texts on this volume are signed with the key"),
    `    ${description.signer}`,
    paragraph("Compare these characters with a source you trust: paper, an auditor, another volume from another place. A key "
      + "that says it has expired still opens and still verifies; that is normal."),
  ]);
}

function howItIsLaidOut({ description }: VolumeFacts): string {
  const tape = description.medium === "tape";
  const table = [
    "    000000            bootstrap: this text, recover.sh, FORMAT.txt,",
    "                      volume.json, the public keys (plain tar)",
    "    000001            segment: encrypted (OpenPGP)",
    "    000002            seal: signed text that proves 000001",
    "    000003, 000004    next segment, its seal, and so on",
    "    last              trailer (plain tar): manifest.txt, a signed",
    "                      list of everything before it; this text;",
    "                      encrypted lists of names and events",
  ];
  return section("5. HOW IT IS LAID OUT", [
    paragraph(tape
      ? "The tape holds numbered objects, one after the other; each ends with a filemark. The first has blocks of 10240 "
        + "bytes, all others "
        + `blocks of ${String(description.blockSizeBytes)} bytes (${formatBytes(description.blockSizeBytes)}), the last `
        + "block of each being shorter."
      : "The disk holds numbered objects, one file each, named like 000001-segment.pgp. The other files beside them are "
        + "copies out of object 000000, for your eyes."),
    table.join("\n"),
    paragraph("There may be several trailers; the last one lists everything before it. If the last object is no trailer, "
      + "writing was interrupted: nothing is lost, the seals alone are enough."),
    paragraph("All segments of one snapshot, decrypted, decompressed and put one after the other, are one ordinary tar "
      + "archive. FORMAT.txt has every detail."),
  ]);
}

function stepsForTape(facts: VolumeFacts): string {
  const { barcode } = facts.description;
  return section("6. STEPS", [
    step("6.1", "Lock the tab, put the cartridge in, wait until the drive is quiet. If your drive is not /dev/nst0, use its "
      + "name below. Use the name with the n: the other one rewinds behind your back.", ["mt -f /dev/nst0 status"],
      "ONLINE, somewhere in what it prints"),
    step("6.2", "Get this text, the script and the format description.",
      ["mkdir work; cd work", "mt -f /dev/nst0 setblk 0", "mt -f /dev/nst0 rewind", "tar -xvf /dev/nst0"],
      "README-FIRST.txt, recover.sh, FORMAT.txt, ..."),
    step("6.3", "Copy the whole tape to disk. Do the same with every other volume of the pool that you have (section 9).",
      ["sh recover.sh dump /dev/nst0 /big/volumes"], `a line for each object, then: ${barcode}: N objects`),
    ...commonSteps(facts, 4, "keys"),
  ]);
}

function stepsForFolder(facts: VolumeFacts): string {
  return section("6. STEPS", [
    step("6.1", "Attach the disk read-only, for example as below. Where this text was in a folder of the disk, write /mnt/FOLDER "
      + "for /mnt from 6.2 on.", ["mount -o ro /dev/sdX1 /mnt"], "nothing"),
    step("6.2", "Copy it, and every other volume of the pool that you have (section 9), each to a folder of its own.",
      ["mkdir -p /big/volumes", "cp -R /mnt /big/volumes/disk1", "cp /mnt/recover.sh ."], "nothing"),
    ...commonSteps(facts, 3, "/mnt/keys"),
  ]);
}

function commonSteps({ hasLockedRecoveryKey }: VolumeFacts, from: number, keysFolder: string): string[] {
  const volumes = "/big/volumes/*";
  const key = hasLockedRecoveryKey ? `${keysFolder}/recovery-key-locked.asc` : "FILE-WITH-A-PRIVATE-KEY";
  const numbered = (offset: number): string => `6.${String(from + offset)}`;
  return [
    step(numbered(0), "Check that everything is whole and genuine. This needs no private key.",
      [`sh recover.sh check ${volumes}`], "RESULT: everything is whole, and the fingerprint of section 4"),
    step(numbered(1), "See which snapshots there are, and whether segments are missing.",
      [`sh recover.sh list ${volumes}`], "a line for each snapshot"),
    step(numbered(2), "Import a private key (section 4). If it is locked, gpg asks for its passphrase in the next step; "
      + "where it cannot ask, put the passphrase into a file and add --passphrase-file FILE to the commands that follow.",
      [`gpg --batch --import ${key}`], "secret key imported"),
    step(numbered(3), "Restore the newest snapshot of each archive, with what it builds on. As root, owners and permissions "
      + "come back too.",
      [`sh recover.sh restore ${volumes} -o /big/restored`], "RESULT: restored"),
    step(numbered(4), "To find one file, and to restore only some paths:",
      [`sh recover.sh catalog ${volumes} -n NAME`, `sh recover.sh restore ${volumes} -o /big/some PATH`],
      "the lines and files you look for"),
  ];
}

function byHand({ description }: VolumeFacts): string {
  const tape = description.medium === "tape";
  const name = (number: number, ending: string): string => `00000${String(number)}${tape ? "" : `-${ending}`}`;
  const segment = name(1, "segment.pgp");
  const seal = name(2, "seal.txt");
  return section("7. THE SAME BY HAND, WITHOUT THE SCRIPT", [
    ...(tape
      ? [
        step("7.1", "Each dd copies one object and stops at its filemark. Repeat with 000001, 000002 and so on until a file "
          + "stays empty or dd says Input/output error: that is the end of the data. If mt status then still shows the file "
          + "number of before, what dd copied last is no object.",
          ["mt -f /dev/nst0 rewind", "dd if=/dev/nst0 of=000000 bs=1M", "dd if=/dev/nst0 of=000001 bs=1M"], "N bytes copied"),
      ]
      : []),
    step(tape ? "7.2" : "7.1", "Check the signature of a seal, then the segment before it. The seal says what its sha256 "
      + "must be.",
      ["gpg --batch --import keys/*.asc", `gpg --verify ${seal}`, `grep Sealed-SHA256 ${seal}`, `sha256sum ${segment}`],
      "Good signature, and the same 64 characters twice. That the key is not certified with a trusted signature is "
        + "normal; section 4 says how to trust it"),
    step(tape ? "7.3" : "7.2", "Check everything at once, from the last trailer:",
      [`tar -xf ${tape ? "TRAILER" : "NNNNNN-trailer.tar"} manifest.txt`, "gpg --decrypt manifest.txt | sha256sum --check -"],
        "OK behind every object"),
    step(tape ? "7.4" : "7.3", "Open one segment. tar complains where the segment begins or ends inside a file, and goes on.",
      [`gpg --decrypt ${segment} | zstd -dc > part.tar`, "tar -xvf part.tar --ignore-zeros"], "the names of the files"),
    step(tape ? "7.5" : "7.4", "Open a whole snapshot: all its segments in the order of their seals (Segment: 1, 2, 3 ...), "
      + "as one stream.",
      [`for s in ${segment} ...`, "do gpg --decrypt \"$s\" | zstd -dc; done > whole.tar",
        "tar -xpf whole.tar --xattrs --xattrs-include='*' --acls"], "nothing"),
    paragraph("A snapshot whose seal names a Base-Snapshot holds only what changed. Restore the base first, then this one "
      + "over it with --incremental (-G) added to tar's options, which also removes what was deleted."),
  ]);
}

function ifSomethingFails({ description }: VolumeFacts): string {
  return section("8. IF SOMETHING FAILS", [
    ...(description.medium === "tape"
      ? [
        item("- dd: Cannot allocate memory, or Input/output error at once: the blocks are larger than dd's bs. Use bs=1M and "
          + "setblk 0."),
        item("- A read error in the middle: clean the drive, try again, try another drive. Then go on behind the bad object "
          + "with: mt -f /dev/nst0 fsf 1. Everything else is still good."),
      ]
      : [item("- A file cannot be read: copy the rest. ddrescue (package gddrescue) gets most of a damaged file.")]),
    item("- A segment is damaged or missing: look for the same segment on another volume. Copies are the same bytes; "
      + "recover.sh picks a good one from all folders that you name."),
    item("- No good copy of a segment at all: recover.sh restores everything else and says what is missing."),
    item("- gpg: No secret key: you have none of the keys of section 4. Segments are never encrypted to others."),
    item("- gpg: WARNING: message was not integrity protected, or a bad checksum: the segment is damaged; do not trust what "
      + "came out."),
  ]);
}

function otherVolumes({ description, siblings }: VolumeFacts): string {
  const lines = siblings.slice(0, 50).map(({ barcode, place }) => `    ${cut(`${barcode.padEnd(12)} ${place}`, columns - 4)}`);
  return section("9. OTHER VOLUMES OF THE POOL", [
    paragraph(siblings.length === 0
      ? `This is the first volume of the pool "${description.pool}". Later ones name it.`
      : "A snapshot may need several of these. Known when this volume was begun, newest first, and where they were:"),
    ...(lines.length === 0 ? [] : [lines.join("\n")]),
    ...(siblings.length > 50 ? [paragraph(`and ${String(siblings.length - 50)} older ones: see siblings.txt.`)] : []),
    paragraph("Later volumes may exist; the newest one has the longest list. Other pools may hold further copies of the same "
      + "segments."),
  ]);
}

function glossary(): string {
  return section("10. GLOSSARY", [
    item("archive      a named body of files, known on the media by a number (UUID)"),
    item("snapshot     the archive as it stood at one time"),
    item("segment      one encrypted piece of a snapshot"),
    item("seal         the signed text that proves a segment"),
    item("pool         a set of volumes that belong together"),
    item("fingerprint  the full name of a key, 40 characters"),
  ]);
}

function formatIdentity({ description }: VolumeFacts): string {
  return section("11. FORMAT", [
    [
      "    format       strongroom-volume 1 (described in FORMAT.txt)",
      `    volume       ${description.volumeUuid}`,
      `    appliance    ${description.appliance.uuid}`,
    ].join("\n"),
  ]);
}

function section(title: string, parts: readonly string[]): string {
  return [title, "-".repeat(title.length), parts.join("\n\n")].join("\n");
}

function step(number: string, why: string, commands: readonly string[], expected: string): string {
  return [
    wrap(`${number}  ${ascii(why)}`, 5),
    ...commands.map((command) => `         ${command}`),
    wrap(`     You should see: ${ascii(expected)}`, 5),
  ].join("\n");
}

const paragraph = (text: string): string => wrap(ascii(text), 0);

function item(text: string): string {
  const indent = /^\S+ {2,}/.exec(text)?.[0].length ?? text.indexOf(" ") + 1;
  return wrap(ascii(text), indent);
}

/** Breaks at spaces; a first line keeps its own indent, the others get `indent` spaces. */
function wrap(text: string, indent: number): string {
  const lines: string[] = [];
  let line = /^ */.exec(text)![0];
  let empty = true;
  for (const word of text.trim().split(/ (?! )/)) {
    if (!empty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = " ".repeat(indent);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].join("\n");
}

/** The operator's own lines, kept as lines. */
function quoted(text: string): string[] {
  return ascii(text.trim(), true).split("\n").slice(0, 40).flatMap((line) => wrap(`    ${line.trim()}`, 4).split("\n"))
    .map((line) => line.slice(0, columns));
}

const cut = (text: string, maxLength: number): string => ascii(text).slice(0, maxLength);

/** This text must be readable on whatever there will be; what is not ASCII is in volume.json as it is. */
function ascii(text: string, keepLines = false): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").replace(keepLines ? /[^\n -~]/gu : /[^ -~]/gu, "?");
}
