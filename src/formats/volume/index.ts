export {
  type BootstrapFound, type BootstrapParts, descriptionName, descriptionSignedName, type DescriptionSignature,
  makeBootstrap, readBootstrap,
  readmeName, recoverName,
  signerCertificateName,
} from "./bootstrap.ts";
export {
  type ArchiveLine, type CatalogLine, decodeCatalogLine, encodeCatalogLine, type EntryLine, type EntryLineCondition,
  type EntryLineType,
  type GoneLine, type SegmentLine, type SnapshotLine,
} from "./catalog-lines.ts";
export {
  encodeDescription, parseDescription, type VolumeDescription, type VolumeRecipient, type VolumeReference,
} from "./description.ts";
export { type ForeignContent, foreignContent, foreignWords } from "./foreign.ts";
export * from "./limits.ts";
export { LineSplitter } from "./lines.ts";
export { decodeJobLine, encodeJobLine, type JobEventLine, type JobHeadLine, type JobLine } from "./job-lines.ts";
export { decodeLogLine, encodeLogLine, type LogLine } from "./log-lines.ts";
export { type Manifest, type ManifestMember, type ManifestObject, manifestText, parseManifestText } from "./manifest.ts";
export type {
  MediumCapacity, ObjectExtent, ObjectReader, ObjectReadThrough, ObjectRole, ObjectStretch, ObjectWriter, VolumeMedium, VolumeNote,
} from "./medium.ts";
export { folderObjectName, manifestName, objectNumberText, objectRole, parseFolderObjectName } from "./names.ts";
export { objectChunks, type ObjectStream, readWhole, streamOfBytes } from "./object-stream.ts";
export { type FoundMember, packPlainTar, type PlainMember, readPlainTar, tarRecordBytes } from "./plain-tar.ts";
export {
  decodeRecordsLine, encodeRecordsLine, type RecordsArchiveLine, type RecordsLine, type RecordsPoolLine, type RecordsSnapshotLine,
  type RecordsVolumeLine,
} from "./records-lines.ts";
export { makeSeal, parseSealText, readSeal, type Seal, sealDigest, sealText } from "./seal.ts";
export type { SignText, VerifiedText, VerifyText } from "./signing.ts";
export { formatText, makeVolumeTexts, recoverScript, type SiblingVolume, type VolumeFacts, type VolumeTexts } from "./texts.ts";
export {
  makeTrailer, manifestMembers, manifestMemberName, parseTrailerMemberName, readTrailer, trailerBoundBytes,
  type TrailerMember, type TrailerMemberKind, trailerMemberName, type TrailerMemberPlace, type TrailerParts,
} from "./trailer.ts";
export {
  type CheckedSeal, digestOfSeal, type ObjectDigest, type ObjectVerdict, type SnapshotVerdict, verifyObject, verifySnapshot,
} from "./verify.ts";
