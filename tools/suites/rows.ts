export type UnitKind = "disk" | "tape" | "changer";

/** What is asked of a kind of unit: tests of iscsi-test-cu, each a row, as FAMILY.SUITE or FAMILY.SUITE.TEST. */
export interface Row {
  readonly tests: readonly string[];
  readonly name: string;
}

/**
 * The tests of 1.19 that make sense for units that are no disks. The others are about blocks of a disk; their opcodes mean other things to a tape:
 * PRE-FETCH is READ POSITION there, which ends tgt.
 */
const ofEveryUnit: readonly Row[] = [
  row("Inquiry", ["Standard", "AllocLength", "EVPD", "SupportedVPD", "VersionDescriptors"].map((test) => `SCSI.Inquiry.${test}`)),
  row("ModeSense6", ["AllPages", "Control", "Residuals"].map((test) => `SCSI.ModeSense6.${test}`)),
  row("TestUnitReady", ["SCSI.TestUnitReady"]),
  row("ReportSupportedOpcodes", ["SCSI.ReportSupportedOpcodes"]),
  row("PrinReadKeys", ["SCSI.PrinReadKeys"]),
  row("PrinServiceactionRange", ["SCSI.PrinServiceactionRange"]),
  row("PrinReportCapabilities", ["SCSI.PrinReportCapabilities"]),
  row("ProutRegister", ["SCSI.ProutRegister"]),
  row("ProutReserve", ["Simple", "Ownership*"].map((test) => `SCSI.ProutReserve.${test}`)),
  row("ProutClear", ["SCSI.ProutClear"]),
  row("ProutPreempt", ["SCSI.ProutPreempt"]),
  row("Reserve6", ["SCSI.Reserve6"]),
  row("iSCSIcmdsn", ["iSCSI.iSCSIcmdsn"]),
];

/** Undefined: all that there are, a row for each suite. */
export const rowsOf: Readonly<Record<UnitKind, readonly Row[] | undefined>> = { disk: undefined, tape: ofEveryUnit, changer: ofEveryUnit };

function row(name: string, tests: readonly string[]): Row {
  return { name, tests };
}
