import type { Fate, ViewId } from "../state/index.ts";

/**
 * Every text of the console that is not data, in one language. Barcodes, codes, names of keys and words of command lines are never translated.
 * A language is complete because the compiler says so.
 */
export interface Tongue {
  /** As in a locale: `en`. */
  readonly code: string;
  readonly views: Readonly<Record<ViewId, { readonly title: string; readonly summary: string; readonly empty: string }>>;
  readonly columns: Readonly<Record<ColumnName, string>>;
  readonly keys: Readonly<Record<KeyText, { readonly text: string; readonly tooltip: string }>>;
  readonly actions: Readonly<Record<ActionText, { readonly text: string; readonly tooltip: string }>>;
  readonly questions: Readonly<Record<QuestionText, string>>;
  readonly refusals: {
    noLibrary(): string;
    nobodyNeedsIt(): string;
    inDrive(drive: number): string;
    driveHolds(drive: number, barcode: string): string;
    driveBusy(drive: number, who: string): string;
    driveEmpty(drive: number): string;
    noFreeDrive(): string;
    noFreeMailSlot(): string;
    notInLibrary(place: string): string;
    jobRuns(job: number): string;
    nothingToGoOnWith(): string;
    poolUsed(volumes: number): string;
    noVolume(): string;
    noPool(): string;
    noSnapshot(): string;
    mailSlotsEmpty(): string;
    firstComes(step: string): string;
  };
  readonly today: {
    unread(): string;
    nothing(): string;
    needs(count: number): string;
    interrupted(kind: string, subject: string): string;
    running(kind: string, subject: string): string;
    ended(kind: string, subject: string): string;
    libraryTrouble(name: string): string;
    driveCleaning(library: string, drive: number): string;
    driveAlert(library: string, drive: number): string;
    driveFailed(library: string, drive: number): string;
    mailSlotFull(library: string, mailSlot: number): string;
    element(library: string, element: string): string;
    copiesBad(pool: string, count: number): string;
    copiesUnread(pool: string, count: number): string;
    check(code: string): string;
  };
  /** What a new appliance needs before its first snapshot. */
  readonly setup: Readonly<Record<"keys" | "library" | "pool" | "archive" | "run", { readonly text: string; readonly tooltip: string }>>;
  readonly tree: {
    reading(): string;
    back(): string;
    plainKeys(): string;
    marked(count: number): string;
    tooManyMarked(most: number): string;
    more(): string;
    base(): string;
    path(): string;
    target(): string;
    condition(): string;
    since(): string;
  };
  /** Many cartridges out or in, through the mail slots. */
  readonly exchange: {
    readonly titles: Readonly<Record<"out" | "in", string>>;
    /** What wants hands is the loud ones. */
    readonly fates: Readonly<Record<Fate, string>>;
    marked(count: number): string;
    listing(count: number): string;
    withMarked(): string;
    summary(done: number, listed: number): string;
    missing(count: number): string;
    surplus(count: number): string;
    scanOut(): string;
    scanIn(): string;
    bringOut(count: number): string;
    bringIn(count: number): string;
    robot(count: number): string;
    /** `next`: how many more the free mail slots take. */
    takeOut(count: number, next: number): string;
    putIn(count: number): string;
    noMailSlot(): string;
    inDrives(count: number): string;
    doneOut(): string;
    doneIn(): string;
    nothingToBring(): string;
    listed(code: string, count: number): string;
    listedAlready(code: string): string;
    inHand(code: string, count: number): string;
    isOut(code: string): string;
    insideAlready(code: string, place: string): string;
    notExpected(code: string): string;
    takenOff(code: string): string;
  };
  readonly elements: { readonly slot: string; readonly "mail-slot": string; readonly drive: string; readonly transport: string };
  readonly states: Readonly<Record<StateWord, string>>;
  readonly facts: Readonly<Record<FactText, string>>;
  readonly scanners: {
    there(path: string): string;
    gone(path: string, why: string): string;
    garbled(path: string, baudRate: number): string;
  };
  readonly frame: {
    reading(): string;
    tooSmall(columns: number, rows: number): string;
    needs(count: number): string;
    row(at: number, count: number): string;
    filtered(filter: string): string;
    running(words: string): string;
    ended(words: string, exitCode: number): string;
    menuTitle(subject: string): string;
    helpTitle(view: string): string;
    confirmTitle(action: string): string;
    noIsDefault(): string;
    typeBarcode(barcode: string): string;
    thenPress(key: string): string;
    notThat(barcode: string): string;
    rightBarcode(key: string): string;
    losing(copies: number, onlyCopies: number, elsewhere: readonly string[]): string;
    losingNothing(): string;
    volumeOn(pool: string, lastWritten: string): string;
    more(count: number): string;
    looking(): string;
    leave(running: number): string;
    scanned(code: string): string;
    scannedUnknown(code: string): string;
    gone(): string;
    started(words: string): string;
    needsOperator(count: number): string;
    /** What a job waits for stands before it. */
    jobWaits(job: number, age: string): string;
    moreNeeded(count: number): string;
    secretsDiffer(): string;
    enterRuns(): string;
    nothingFits(): string;
    noAppliance(folder: string): string;
    acknowledgedBy(who: string, when: string): string;
    /** What the drive of a pool does, and which share of the time it did. */
    streams(share: string, spent: string): string;
    stands(share: string, spent: string): string;
    known(age: string): string;
  };
}

export type ColumnName =
  | "what" | "state" | "since" | "element" | "barcode" | "pool" | "volume" | "filled" | "job" | "subject" | "done" | "outcome"
  | "archive" | "snapshots" | "last" | "pools" | "place" | "checked" | "volumes" | "copies" | "written" | "drive" | "condition" | "time" | "severity" | "code" | "source";

export type KeyText =
  | "up" | "down" | "pageUp" | "pageDown" | "first" | "last" | "open" | "back" | "nextView" | "previousView" | "view" | "filter" | "command" | "help" | "refresh"
  | "redraw" | "mute" | "mark" | "menu" | "detail" | "subject" | "takeOut" | "bringIn" | "quit" | "save" | "confirm";

export type ActionText =
  | "goOn" | "showJob" | "abandon" | "import" | "audit" | "openMailSlots" | "load" | "unload" | "export" | "clean" | "healthOf" | "showDrive"
  | "run" | "runFull" | "plan" | "restore" | "snapshots" | "history" | "showVolume" | "verify" | "verifyQuick" | "duplicate" | "migrate" | "identify" | "init" | "overwrite" | "showPool" | "removePool"
  | "removeArchive" | "checkAppliance" | "explain" | "createPool" | "createArchive" | "keys" | "devices" | "addLibrary" | "addSimulator" | "createFolderPool" | "showSnapshot" | "recall"
  | "acknowledge" | "takeOutMany" | "bringInMany" | "batchOut" | "batchIn";

export type QuestionText = "target" | "key" | "passphrase" | "paths" | "path" | "pool" | "name" | "sources" | "pools" | "copyPools" | "keyFolder" | "newPassphrase" | "passphraseAgain"
  | "changer" | "simulator" | "library" | "poolFolder";

export type StateWord =
  | "needed" | "running" | "interrupted" | "finished" | "empty" | "loaded" | "busy" | "failed" | "full" | "open" | "closed" | "retired" | "blank" | "never" | "due" | "ok" | "unread" | "cleaning"
  | "next" | "later" | "waits";

export type FactText =
  | "rate" | "average" | "eta" | "stage" | "spool" | "current" | "entries" | "bytes" | "cartridges" | "started" | "finished" | "by" | "summary" | "log" | "advice" | "cameFrom"
  | "serial" | "alerts" | "cleaning" | "sources" | "writtenOn" | "objects" | "lastVerified" | "unfinished" | "capacity" | "product" | "waits" | "time";
