/** One generation of cartridges. What nobody published is named in `estimated`. */
export interface MediaModel {
  /** `LTO-8`, as src/scsi names densities. */
  readonly name: string;
  /** SSC-5, table 203, and the makers' references from LTO-8 on. */
  readonly densityCode: number;
  /** MODE SENSE's medium type; WORM is undefined where there is no such cartridge. */
  readonly mediumType: number;
  readonly wormMediumType: number | undefined;
  readonly nativeBytes: number;
  readonly bitsPerMm: number;
  readonly tracks: number;
  readonly tapeMetres: number;
  /** What REPORT DENSITY SUPPORT calls it: at most 8 and 20 characters. */
  readonly densityName: string;
  readonly densityText: string;
  /** Of the chip: LTO-5 8 KiB, then 16 KiB, LTO-9 on 32 KiB. */
  readonly chipBytes: number;
  /** Ends a data cartridge's barcode: `L8`. */
  readonly suffix: string;
  /** Ends a WORM cartridge's barcode: `LY`. */
  readonly wormSuffix: string | undefined;
  /** A new one is measured at its first load. */
  readonly isMeasuredFirst: boolean;
  readonly estimated: readonly (keyof MediaModel)[];
}

/** One kind of drive. */
export interface DriveModel {
  /** `LTO-8`, `LTO-8 half height`: what a library's description calls it. */
  readonly name: string;
  readonly height: "full" | "half";
  /** 16 characters at most, of the vendor VIRTUAL. */
  readonly product: string;
  /** What it records when the cartridge is its own. */
  readonly ownMedia: MediaModel;
  /** All that it records, its own among them. */
  readonly writes: readonly MediaModel[];
  /** What it reads and does not record. */
  readonly readsOnly: readonly MediaModel[];
  /** READ BLOCK LIMITS. */
  readonly maxBlockBytes: number;
  /** GENERATE RECOMMENDED ACCESS ORDER. */
  readonly recommendsOrders: boolean;
  /** How long its commands may take, for REPORT SUPPORTED OPERATION CODES. Seconds. */
  readonly timeoutSeconds: CommandTimeouts;
  readonly estimated: readonly (keyof DriveModel)[];
}

/** What LTFS allows IBM's drives of the generation (ibm_tape.c). */
export interface CommandTimeouts {
  readonly erase: number;
  readonly format: number;
  readonly load: number;
  readonly locate: number;
  readonly read: number;
  readonly rewind: number;
  readonly space: number;
  readonly verify: number;
  readonly write: number;
  readonly writeFilemarks: number;
}
