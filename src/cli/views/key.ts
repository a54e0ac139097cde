import type { KeyInfo } from "../../operations/index.ts";
import { type Column, name, time } from "./column.ts";
import { type JsonObject, timeDocument } from "./document.ts";

export function keyDocument(key: KeyInfo): JsonObject {
  return {
    role: key.role,
    fingerprint: key.fingerprint,
    user_ids: key.userIds,
    created: timeDocument(key.createdMs),
    expires: timeDocument(key.expiresMs),
    exported_to: key.exportedTo,
  };
}

export const keyColumns: readonly Column<KeyInfo>[] = [
  { title: "role", cell: ({ role }) => role },
  { title: "fingerprint", cell: ({ fingerprint }) => fingerprint },
  { title: "user id", cell: ({ userIds }) => name(userIds[0]) },
  { title: "created", cell: ({ createdMs }) => time(createdMs) },
  { title: "expires", cell: ({ expiresMs }) => (expiresMs === undefined ? "never" : time(expiresMs)) },
];
