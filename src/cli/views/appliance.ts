import type { ApplianceInfo, ApplianceOperations } from "../../operations/index.ts";
import { type Column, type Fact, name, sentence, type Units } from "./column.ts";
import type { JsonObject } from "./document.ts";

export type CheckFinding = Awaited<ReturnType<ApplianceOperations["check"]>>[number];

export function applianceDocument(info: ApplianceInfo): JsonObject {
  return {
    uuid: info.uuid,
    name: info.name,
    state_folder: info.stateFolder,
    format_version: info.formatVersion,
    spool_used_bytes: info.spoolUsedBytes,
    spool_max_bytes: info.spoolMaxBytes,
  };
}

export function applianceFacts(info: ApplianceInfo, units: Units): readonly Fact[] {
  return [
    ["name", name(info.name)],
    ["uuid", info.uuid],
    ["state folder", name(info.stateFolder)],
    ["volume format", String(info.formatVersion)],
    ["spool", `${units.bytes(info.spoolUsedBytes)} of ${units.bytes(info.spoolMaxBytes)} in use`],
  ];
}

export function findingDocument(finding: CheckFinding): JsonObject {
  return { severity: finding.severity, code: finding.code, text: finding.text, hint: finding.hint ?? null };
}

export const findingColumns: readonly Column<CheckFinding>[] = [
  { title: "severity", cell: ({ severity }) => severity },
  { title: "code", cell: ({ code }) => code },
  { title: "what", cell: ({ text }) => sentence(text) },
  { title: "what to do", cell: ({ hint }) => name(hint) },
];
