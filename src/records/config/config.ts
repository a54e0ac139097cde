import { basename } from "node:path";
import { LowSync } from "lowdb";
import { StrongroomError, printable } from "../../words/index.ts";
import type { FileLock } from "../state/index.ts";
import { type Checked, checkText } from "./check.ts";
import type { ApplianceConfig, Config, ConfigStore } from "./contract.ts";
import { ConfigFileAdapter, textOf } from "./file.ts";
import type { ConfigFile } from "./schema.ts";

/** The configuration at `path`. `lock` keeps edits of several processes apart; it is held only for the moment of an edit. */
export function openConfig(path: string, lock: () => FileLock): ConfigStore {
  const fileName = basename(path);

  const read = (): Checked | null => {
    const database = new LowSync<Checked | null>(new ConfigFileAdapter(path), null);
    database.read();
    return database.data;
  };

  const save = (file: ConfigFile): Config => {
    const checked = checkText(textOf(file), undefined);
    const database = new LowSync<Checked | null>(new ConfigFileAdapter(path), checked);
    database.write();
    return checked.config;
  };

  const edit = (change: (file: ConfigFile) => ConfigFile): Config =>
    holding(lock, () => {
      const found = read();
      if (found === null) throw configMissing(fileName);
      return save(change(found.file));
    });

  return {
    path,
    load: () => {
      const found = read();
      if (found === null) throw configMissing(fileName);
      return found.config;
    },
    create: (appliance: ApplianceConfig) =>
      holding(lock, () => {
        if (read() !== null) {
          throw new StrongroomError("usage", "CONFIG_EXISTS", `${fileName} is there already, nothing was changed`);
        }
        return save({ appliance: { ...appliance, contacts: [...appliance.contacts] } });
      }),
    ...edits(edit),
  };
}

type Edit = (change: (file: ConfigFile) => ConfigFile) => Config;

function edits(edit: Edit) {
  return {
    setAppliance: (change) => edit((file) => ({ ...file, appliance: { ...file.appliance, ...copied(change) } })),
    addLibrary: (library) => edit((file) => ({ ...file, libraries: [...(file.libraries ?? []), copied(library)] })),
    addPool: (pool) => edit((file) => ({ ...file, pools: [...(file.pools ?? []), copied(pool)] })),
    setPool: (name, { verifyEveryDays }) =>
      edit((file) => {
        const pools = (file.pools ?? []).map((pool) => {
          if (pool.name !== name) return pool;
          const { verifyEveryDays: _before, ...rest } = pool;
          return verifyEveryDays === undefined ? rest : { ...rest, verifyEveryDays };
        });
        if (!pools.some((pool) => pool.name === name)) throw unknownName("pool", name);
        return { ...file, pools };
      }),
    addArchive: (archive) => edit((file) => ({ ...file, archives: [...(file.archives ?? []), copied(archive)] })),
    removeLibrary: (name) => edit((file) => ({ ...file, libraries: without(file.libraries, name, "library") })),
    removePool: (name) => edit((file) => ({ ...file, pools: without(file.pools, name, "pool") })),
    removeArchive: (name) => edit((file) => ({ ...file, archives: without(file.archives, name, "archive") })),
    setSpool: (change) => edit((file) => ({ ...file, spool: { ...file.spool, ...copied(change) } })),
    setDefaults: (change) => edit((file) => ({ ...file, defaults: { ...file.defaults, ...copied(change) } })),
  } satisfies Partial<ConfigStore>;
}

type Writable<Value> = Value extends readonly (infer Item)[]
  ? Writable<Item>[]
  : Value extends object
    ? { -readonly [Key in keyof Value]: Writable<Value[Key]> }
    : Value;

/** Own and writable, without what is undefined: what is saved must not change when the caller's object does. */
function copied<Value>(value: Value): Writable<Value> {
  return JSON.parse(JSON.stringify(value)) as Writable<Value>;
}

function without<Item extends { readonly name: string }>(items: readonly Item[] | undefined, name: string, what: string): Item[] {
  const rest = (items ?? []).filter((item) => item.name !== name);
  if (rest.length < (items?.length ?? 0)) return rest;
  throw unknownName(what, name);
}

function unknownName(what: string, name: string): StrongroomError {
  return new StrongroomError("missing", "CONFIG_UNKNOWN_NAME", `no ${what} is called "${printable(name)}"`);
}

function holding<Result>(lock: () => FileLock, work: () => Result): Result {
  const held = lock();
  try {
    return work();
  } finally {
    held.release();
  }
}

function configMissing(fileName: string): StrongroomError {
  return new StrongroomError("missing", "CONFIG_MISSING", `there is no ${fileName} in the state folder`, {
    severity: "fatal",
    hint: "make the appliance first: strongroom appliance init",
  });
}
