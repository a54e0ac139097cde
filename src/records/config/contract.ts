/** The configuration of the appliance, complete: what the file leaves out is filled in from its defaults. */
export interface Config {
  readonly appliance: ApplianceConfig;
  readonly libraries: readonly LibraryConfig[];
  readonly pools: readonly PoolConfig[];
  readonly archives: readonly ArchiveConfig[];
  readonly spool: SpoolConfig;
  readonly defaults: DefaultsConfig;
  readonly console: ConsoleConfig;
  /** Undefined: nobody is notified. */
  readonly notify?: NotifyConfig;
}

export interface NotifyConfig {
  /** A program and its arguments: gets a message on its standard input. */
  readonly command: readonly string[];
  /** How long a request to the operator stands before it is told once more. */
  readonly escalateMinutes: number;
}

export interface ApplianceConfig {
  readonly uuid: string;
  readonly name: string;
  readonly organisation?: string;
  /** Lines for README-FIRST.txt and custody.txt: who to ask. */
  readonly contacts: readonly string[];
}

export type LibraryConfig = SimulatedLibraryConfig | SgLibraryConfig | IscsiLibraryConfig;

/** What every library has, whatever kind it is. */
export interface AnyLibraryConfig {
  readonly name: string;
  /** Where the file says nothing: automatic, with cartridges whose label begins with CLN. */
  readonly cleaning?: CleaningConfig;
}

export interface CleaningConfig {
  /** Drives are cleaned by themselves when they ask for it: not for a library that sees to it itself. */
  readonly automatic: boolean;
  /** Cleaning cartridges with another label than CLN. */
  readonly cartridges: readonly string[];
}

export interface SimulatedLibraryConfig extends AnyLibraryConfig {
  readonly kind: "simulator";
  /** Where the simulated library lives. */
  readonly folder: string;
}

/** A library at this machine, reached through the kernel's sg driver. Devices are paths or `serial:NUMBER`. */
export interface SgLibraryConfig extends AnyLibraryConfig {
  readonly kind: "sg";
  readonly changer: string;
  /** Only for a changer that does not tell its drives' serial numbers: the drives in the order of their elements. */
  readonly drives?: readonly string[];
}

/** A library on the network, reached over iSCSI from user space. */
export interface IscsiLibraryConfig extends AnyLibraryConfig {
  readonly kind: "iscsi";
  /** `host`, `host:port` or `[v6]:port`. */
  readonly portal: string;
  readonly target: string;
  readonly changerLun: number;
  /** The drives in the order of their elements. */
  readonly driveLuns: readonly number[];
  /** The iSCSI name that this appliance goes by; where the file does not say, one made of its UUID. */
  readonly initiator: string;
  readonly digests: "off" | "preferred" | "required";
  /** Secrets are in files of their own. */
  readonly chap?: {
    readonly user: string;
    readonly secretFile: string;
    readonly target?: { readonly user: string; readonly secretFile: string };
  };
}

export interface PoolConfig {
  readonly name: string;
  readonly kind: "tape" | "folder";
  /** Of a tape pool: the library its cartridges are in. */
  readonly library?: string;
  /** Of a folder pool: where its volumes may be mounted. */
  readonly folders?: readonly string[];
  readonly blockSizeBytes: number;
  /** Each copy is read back and compared at least this often; undefined: nothing is due by itself. */
  readonly verifyEveryDays?: number;
}

export interface ArchiveConfig {
  readonly name: string;
  readonly sources: readonly SourceConfig[];
  /** Every segment gets one copy in each. */
  readonly pools: readonly string[];
  readonly cipher: "mdc" | "ocb";
  readonly compression: "auto" | "off";
  readonly segmentSizeBytes: number;
  /** Whether what was written is read back and compared in the same run. */
  readonly verify: boolean;
}

export interface SourceConfig {
  readonly name: string;
  readonly path: string;
  readonly exclude: readonly string[];
  readonly oneFileSystem: boolean;
}

export interface SpoolConfig {
  /** Undefined: in the state folder. */
  readonly path?: string;
  readonly maxBytes: number;
  /** How much lies ready before a drive is started; undefined: half of it, 128 GiB at most. */
  readonly startBytes?: number;
  /** How much a drive writes at most before it is made sure that it is on the tape; undefined: half of the spool, 256 GiB at most. */
  readonly unsyncedBytes?: number;
}

export interface DefaultsConfig {
  readonly cipher: "mdc" | "ocb";
  readonly compression: "auto" | "off";
  readonly segmentSizeBytes: number;
  readonly blockSizeBytes: number;
  readonly verify: boolean;
}

export interface ConsoleConfig {
  readonly scanners: readonly ScannerConfig[];
}

/** A barcode scanner on a serial line, 8 bits without parity. One that types as a keyboard does needs none. */
export interface ScannerConfig {
  readonly path: string;
  readonly baudRate: number;
  /** What comes behind a code: CR, LF, Tab or ETX (`any`), or nothing but a pause. */
  readonly suffix: "any" | "none";
}

/** What may be left out when something is added: the defaults then hold, also when they change later. */
export type NewPool = Omit<PoolConfig, "blockSizeBytes"> & Partial<Pick<PoolConfig, "blockSizeBytes">>;
export type NewArchive = Pick<ArchiveConfig, "name" | "pools"> &
  Partial<Pick<ArchiveConfig, "cipher" | "compression" | "segmentSizeBytes" | "verify">> & {
    readonly sources: readonly NewSource[];
  };
export type NewSource = Pick<SourceConfig, "name" | "path"> & Partial<Pick<SourceConfig, "exclude" | "oneFileSystem">>;

/**
 * config.json: a file that people read and edit.
 *
 * Guarantees:
 * - `load` reads the file as it is now. A file with any mistake is refused whole (kind `usage`, CONFIG_INVALID), naming line and
 *   key of each.
 * - An edit is made on the file as it is now, checked as a whole, and then replaces it at once (mode 0600, synced); when it is
 *   refused, the file is as it was. Edits of several processes do not undo one another.
 * - What the file does not say is not written into it.
 */
export interface ConfigStore {
  readonly path: string;
  load(): Config;
  /** Writes the first configuration. Rejects with CONFIG_EXISTS when there is one. */
  create(appliance: ApplianceConfig): Config;
  setAppliance(change: Partial<Omit<ApplianceConfig, "uuid">>): Config;
  addLibrary(library: LibraryConfig): Config;
  addPool(pool: NewPool): Config;
  addArchive(archive: NewArchive): Config;
  /** Its policy; undefined: no policy. Rejects with CONFIG_UNKNOWN_NAME when there is no such pool. */
  setPool(name: string, change: { readonly verifyEveryDays: number | undefined }): Config;
  /** Each rejects with CONFIG_UNKNOWN_NAME when there is none, with CONFIG_INVALID while something refers to it. */
  removeLibrary(name: string): Config;
  removePool(name: string): Config;
  removeArchive(name: string): Config;
  setSpool(change: Partial<SpoolConfig>): Config;
  setDefaults(change: Partial<DefaultsConfig>): Config;
}
