import { StrongroomError } from "../../words/index.ts";

/** The attributes in which Linux keeps POSIX ACLs (linux/posix_acl_xattr.h). */
export const aclAccessAttribute = "system.posix_acl_access";
export const aclDefaultAttribute = "system.posix_acl_default";

/**
 * How ACLs travel: as text with numeric ids in SCHILY.acl.access and SCHILY.acl.default, which is what star began and GNU tar
 * and bsdtar
 * read. As raw attributes they would be refused by tar --acls and depend on the byte layout of one kernel.
 */
const tags = [
  { tag: 0x01, word: "user", named: false },
  { tag: 0x02, word: "user", named: true },
  { tag: 0x04, word: "group", named: false },
  { tag: 0x08, word: "group", named: true },
  { tag: 0x10, word: "mask", named: false },
  { tag: 0x20, word: "other", named: false },
] as const;

const version = 2;
const entryBytes = 8;
const nobody = 0xffff_ffff;

/** `user::rwx,user:1000:rw-,group::r-x,mask::rwx,other::r--`; undefined when the bytes are no ACL of version 2. */
export function aclToText(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || (bytes.length - 4) % entryBytes !== 0 || view.getUint32(0, true) !== version) return undefined;
  const parts: string[] = [];
  for (let at = 4; at < bytes.length; at += entryBytes) {
    const tag = view.getUint16(at, true);
    const kind = tags.find((known) => known.tag === tag);
    if (!kind) return undefined;
    const permissions = view.getUint16(at + 2, true);
    const id = kind.named ? String(view.getUint32(at + 4, true)) : "";
    parts.push(`${kind.word}:${id}:${letter(permissions, 4, "r")}${letter(permissions, 2, "w")}${letter(permissions, 1, "x")}`);
  }
  return parts.join(",");
}

const letter = (permissions: number, bit: number, name: string): string => ((permissions & bit) === 0 ? "-" : name);

/** How names in the ACLs of foreign archives become numbers. */
export interface AccountIds {
  userId(name: string): number | undefined;
  groupId(name: string): number | undefined;
}

interface AclEntry {
  readonly tag: number;
  readonly permissions: number;
  readonly id: number;
}

/**
 * The attribute value for an ACL text, short or long form, commas or newlines, comments allowed; star's fourth field (the number
 * beside
 * the name) is used when the name is not known here.
 * @throws StrongroomError ACL_UNREADABLE
 */
export function aclFromText(text: string, accounts: AccountIds): Uint8Array {
  const entries = text
    .split(/[\n,]/)
    .map((part) => part.replace(/#.*/, "").trim())
    .filter((part) => part !== "")
    .map((part) => parseEntry(part, accounts));
  // The kernel refuses entries that are not in order.
  entries.sort((a, b) => a.tag - b.tag || a.id - b.id);
  const bytes = new Uint8Array(4 + entries.length * entryBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, version, true);
  entries.forEach(({ tag, permissions, id }, index) => {
    view.setUint16(4 + index * entryBytes, tag, true);
    view.setUint16(6 + index * entryBytes, permissions, true);
    view.setUint32(8 + index * entryBytes, id, true);
  });
  return bytes;
}

function parseEntry(part: string, accounts: AccountIds): AclEntry {
  const [word, qualifier, permissions, number] = part.split(":");
  const long = { u: "user", g: "group", m: "mask", o: "other" }[word ?? ""] ?? word;
  // Solaris and short forms say `mask:rwx` and `other:rwx`.
  const short = permissions === undefined && (long === "mask" || long === "other");
  const named = !short && qualifier !== undefined && qualifier !== "";
  const kind = tags.find((known) => known.word === long && known.named === named);
  const bits = permissionBits(short ? qualifier : permissions);
  const id = named
    ? idOf(long === "user" ? accounts.userId.bind(accounts) : accounts.groupId.bind(accounts), qualifier, number)
    : nobody;
  if (!kind || bits === undefined || id === undefined) {
    throw new StrongroomError("failed", "ACL_UNREADABLE", "an access control list cannot be applied on this machine", {
      severity: "warn",
      hint: "restore with numeric owners, or create the users and groups that it names",
    });
  }
  return { tag: kind.tag, permissions: bits, id };
}

function idOf(lookUp: (name: string) => number | undefined, name: string, number: string | undefined): number | undefined {
  if (/^[0-9]{1,10}$/.test(name)) return Number(name) < nobody ? Number(name) : undefined;
  const known = lookUp(name);
  if (known !== undefined) return known;
  return number !== undefined && /^[0-9]{1,10}$/.test(number) && Number(number) < nobody ? Number(number) : undefined;
}

function permissionBits(text: string | undefined): number | undefined {
  const match = /^([r-]?)([w-]?)([x-]?)$/.exec(text ?? "!");
  if (!match) return undefined;
  return (match[1] === "r" ? 4 : 0) | (match[2] === "w" ? 2 : 0) | (match[3] === "x" ? 1 : 0);
}
