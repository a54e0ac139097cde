import { z } from "zod";

/**
 * The shape of config.json, key by key. Unknown keys are mistakes: a misspelt one must not silently mean the default.
 * What the shape alone cannot tell (names that refer to each other) is in rules.ts.
 */

/** Names become parts of file names and of command lines, and are typed by people: lower case, digits and dashes. */
const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "a name has 1 to 63 lower-case letters, digits and dashes");
/** One line of plain text: it is printed into README-FIRST.txt and custody.txt as it is. */
const line = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, "control characters are not allowed");
const absolutePath = z
  .string()
  .max(4096)
  .regex(/^\/[^\0]*$/, "a path begins with / and holds no NUL");

const kibi = 1024;
const blockSizeBytes = z
  .int()
  .min(64 * kibi)
  .max(1024 * kibi)
  .multipleOf(kibi);
const segmentSizeBytes = z
  .int()
  .min(64 * kibi)
  .max(64 * kibi ** 3)
  .multipleOf(512);
const cipher = z.enum(["mdc", "ocb"]);
const compression = z.enum(["auto", "off"]);

const appliance = z.strictObject({
  uuid: z.uuid(),
  name,
  organisation: line.optional(),
  contacts: z.array(line).max(20),
});

/** `/dev/sg3` may be another device after the next start; a serial number is not. */
const device = z
  .string()
  .max(4096)
  .regex(/^(\/[^\p{Cc}]*|serial:[^\s\p{Cc}][^\p{Cc}]{0,251})$/u, "a device is a path (/dev/tape/by-id/…, /dev/sg3) or serial:NUMBER");

const iscsiName = z
  .string()
  .max(223)
  .regex(/^(iqn\.\d{4}-\d{2}\.[a-z0-9][^\s\p{Cc}\p{Cf}]*|eui\.[0-9a-fA-F]{16}|naa\.([0-9a-fA-F]{16}){1,2})$/u, "an iSCSI name begins with iqn., eui. or naa.");
const portal = z
  .string()
  .max(270)
  .regex(/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_][A-Za-z0-9._-]*)(:[0-9]{1,5})?$/, "a portal is host, host:port or [v6]:port");
const lun = z.int().min(0).max(16_383);
const chapAccount = z.strictObject({ user: line, secretFile: absolutePath });

const barcode = z
  .string()
  .max(32)
  .regex(/^[!-~]+$/, "a barcode has 1 to 32 letters, digits and signs, without blanks");
const cleaning = z.strictObject({ automatic: z.boolean().default(true), cartridges: z.array(barcode).max(100).default([]) }).optional();

const library = z.discriminatedUnion("kind", [
  z.strictObject({ name, kind: z.literal("simulator"), folder: absolutePath, cleaning }),
  z.strictObject({ name, kind: z.literal("sg"), changer: device, drives: z.array(device).max(256).optional(), cleaning }),
  z.strictObject({
    name,
    kind: z.literal("iscsi"),
    portal,
    target: iscsiName,
    changerLun: lun,
    driveLuns: z.array(lun).min(1).max(256),
    initiator: iscsiName.optional(),
    digests: z.enum(["off", "preferred", "required"]).default("off"),
    chap: chapAccount.extend({ target: chapAccount.optional() }).optional(),
    cleaning,
  }),
]);

const pool = z.strictObject({
  name,
  kind: z.enum(["tape", "folder"]),
  library: name.optional(),
  folders: z.array(absolutePath).max(1000).optional(),
  blockSizeBytes: blockSizeBytes.optional(),
  verifyEveryDays: z.int().min(1).max(36_500).optional(),
});

const source = z.strictObject({
  name,
  path: absolutePath,
  exclude: z.array(z.string().min(1).max(4096)).max(1000).default([]),
  oneFileSystem: z.boolean().default(true),
});

const archive = z.strictObject({
  name,
  sources: z.array(source).min(1).max(100),
  pools: z.array(name).min(1).max(16),
  cipher: cipher.optional(),
  compression: compression.optional(),
  segmentSizeBytes: segmentSizeBytes.optional(),
  verify: z.boolean().optional(),
});

const spool = z.strictObject({
  path: absolutePath.optional(),
  maxBytes: z
    .int()
    .min(1024 * kibi)
    .default(64 * kibi ** 3),
  startBytes: z.int().min(1).optional(),
  unsyncedBytes: z.int().min(1).optional(),
});

const defaults = z.strictObject({
  cipher: cipher.default("mdc"),
  compression: compression.default("auto"),
  segmentSizeBytes: segmentSizeBytes.default(4 * kibi ** 3),
  blockSizeBytes: blockSizeBytes.default(512 * kibi),
  verify: z.boolean().default(true),
});

/** Under `/dev`, where by-id names are too: opening anything else as a line could only go wrong. */
const scanner = z.strictObject({
  path: z.string().max(4096).regex(/^\/dev\/[^\p{Cc}]+$/u, "a scanner is a path below /dev, such as /dev/serial/by-id/…"),
  baudRate: z.literal([1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200]).default(9600),
  suffix: z.enum(["any", "none"]).default("any"),
});
const consoleSettings = z.strictObject({ scanners: z.array(scanner).max(16).default([]) });

/** A program and its arguments, run without a shell. */
const notify = z.strictObject({
  command: z.array(z.string().min(1).max(4096).regex(/^[^\0]*$/, "an argument holds no NUL")).min(1).max(64),
  escalateMinutes: z.int().min(1).max(10_080).default(120),
});

export const configSchema = z.strictObject({
  appliance,
  libraries: z.array(library).max(100).default([]),
  pools: z.array(pool).max(1000).default([]),
  archives: z.array(archive).max(10_000).default([]),
  spool: spool.prefault({}),
  defaults: defaults.prefault({}),
  console: consoleSettings.prefault({}),
  notify: notify.optional(),
});

/** What the file may say; what it leaves out is filled in on load, and stays left out when it is saved. */
export type ConfigFile = z.input<typeof configSchema>;
export type CheckedConfig = z.output<typeof configSchema>;
