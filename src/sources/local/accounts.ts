import { groupName, userName } from "posix-entries";

/** More accounts than this in one tree are looked up again and again rather than kept. */
const accountsMax = 65_536;

/** Names of users and groups, asked for once: a directory service may take milliseconds for each. */
export class AccountNames {
  readonly #users = new Map<number, string>();
  readonly #groups = new Map<number, string>();

  /** Empty where the machine knows none. */
  owner(uid: number): string {
    return remembered(this.#users, uid, userName);
  }

  group(gid: number): string {
    return remembered(this.#groups, gid, groupName);
  }
}

function remembered(known: Map<number, string>, id: number, ask: (id: number) => string | undefined): string {
  let name = known.get(id);
  if (name === undefined) {
    name = ask(id) ?? "";
    if (known.size >= accountsMax) known.clear();
    known.set(id, name);
  }
  return name;
}
