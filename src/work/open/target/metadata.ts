import { changeModeAt, changeOwnerAt, examineAt, groupId, removeXattrAt, setTimesAt, setXattrAt, userId } from "posix-entries";
import { aclAccessAttribute, aclDefaultAttribute, aclFromText, type TarEntry } from "../../../formats/tar/index.ts";
import { printable, type Severity } from "../../../words/index.ts";

export type Note = (severity: Severity, code: string, path: Uint8Array, text: string) => void;

export interface MetadataPolicy {
  readonly ownerBy: "name" | "number";
  readonly privileged: boolean;
}

const setIdBits = 0o6000;
const accessAcl = Buffer.from(aclAccessAttribute);
const defaultAcl = Buffer.from(aclDefaultAttribute);

/**
 * Gives an entry its owner, attributes, mode, ACLs and times, in this order: a change of owner clears the set-id bits and
 * security.capability; user attributes need write permission, which the mode may take; ACLs carry the mode's group bits;
 * everything moves times.
 */
export class Metadata {
  readonly #policy: MetadataPolicy;
  readonly #note: Note;
  readonly #users = new Map<string, number | undefined>();
  readonly #groups = new Map<string, number | undefined>();

  constructor(policy: MetadataPolicy, note: Note) {
    this.#policy = policy;
    this.#note = note;
  }

  apply(directoryFd: number, name: Buffer, entry: TarEntry): void {
    const ownerRight = this.#owner(directoryFd, name, entry);
    this.#xattrs(directoryFd, name, entry);
    if (entry.type !== "symlink") {
      this.#withoutInheritedAcls(directoryFd, name, entry);
      // A program that ran as its owner must not run as whoever restores it.
      const mode = ownerRight ? entry.mode : entry.mode & ~setIdBits;
      if (mode !== entry.mode) {
        this.#note(
          "note",
          "SET_ID_REMOVED",
          entry.path,
          `${printable(entry.path)}: restored without its set-id bits, because its owner could not be`,
        );
      }
      this.#try(entry, "MODE_NOT_RESTORED", "its mode", () => {
        changeModeAt(directoryFd, name, mode);
      });
      this.#acl(directoryFd, name, entry, accessAcl, entry.aclAccess);
      if (entry.type === "directory") this.#acl(directoryFd, name, entry, defaultAcl, entry.aclDefault);
    }
    this.#try(entry, "TIME_NOT_RESTORED", "its time", () => {
      setTimesAt(directoryFd, name, entry.mtimeNs);
    });
  }

  /** True when the entry now has the owner that it should have. */
  #owner(directoryFd: number, name: Buffer, entry: TarEntry): boolean {
    const byName = this.#policy.ownerBy === "name";
    const uid = (byName ? remembered(this.#users, entry.owner, userId) : undefined) ?? entry.uid;
    const gid = (byName ? remembered(this.#groups, entry.group, groupId) : undefined) ?? entry.gid;
    if (this.#policy.privileged) {
      return this.#try(entry, "OWNER_NOT_RESTORED", "its owner", () => {
        changeOwnerAt(directoryFd, name, uid, gid);
      });
    }
    const now = examineAt(directoryFd, name);
    return now?.uid === uid && now.gid === gid;
  }

  #xattrs(directoryFd: number, name: Buffer, entry: TarEntry): void {
    for (const xattr of entry.xattrs ?? []) {
      const what = `the attribute ${printable(xattr.name)}`;
      this.#try(entry, "XATTR_NOT_RESTORED", what, () => {
        setXattrAt(directoryFd, name, xattr.name, xattr.value);
      });
    }
  }

  /** What is made in a directory with a default ACL starts with that ACL, which is not what was archived. */
  #withoutInheritedAcls(directoryFd: number, name: Buffer, entry: TarEntry): void {
    this.#try(entry, "ACL_NOT_RESTORED", "the absence of an access control list", () => {
      if (entry.aclAccess === undefined) removeXattrAt(directoryFd, name, accessAcl);
      if (entry.type === "directory" && entry.aclDefault === undefined) removeXattrAt(directoryFd, name, defaultAcl);
    });
  }

  #acl(directoryFd: number, name: Buffer, entry: TarEntry, attribute: Buffer, text: string | undefined): void {
    if (text === undefined) return;
    this.#try(entry, "ACL_NOT_RESTORED", "its access control list", () => {
      setXattrAt(directoryFd, name, attribute, aclFromText(text, { userId, groupId }));
    });
  }

  #try(entry: TarEntry, code: string, what: string, act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
      this.#note(
        "warn",
        code,
        entry.path,
        `${printable(entry.path)}: ${what} could not be restored (${reason}); its content is right`,
      );
      return false;
    }
  }
}

const accountsMax = 65_536;

function remembered(
  known: Map<string, number | undefined>,
  name: string,
  ask: (name: string) => number | undefined,
): number | undefined {
  if (name === "") return undefined;
  if (!known.has(name)) {
    if (known.size >= accountsMax) known.clear();
    known.set(name, ask(name));
  }
  return known.get(name);
}
