import { decryptionMode, encryptionMode, encryptionPage, encryptionScope, type ScsiCommand, securityProtocol } from "../../../src/scsi/index.ts";
import { answer, be16, be32, check, field, good, invalidField, type Outcome, type SenseFields, senseKey } from "../../wire/index.ts";
import { beginsLikeEnvelope, type Envelope, isKeyOf, openBlock, sealBlock, unwrap, wrapPlain } from "./envelope.ts";
import type { NextBlock } from "./next-block.ts";
import { capabilities, inSupport, keyFormats, managementCapabilities, nextBlock, outSupport, status } from "./pages.ts";
import { ParameterTable } from "./parameters.ts";
import { parseSetEncryption } from "./set-encryption.ts";

const refusals = {
  unableToDecrypt: { key: senseKey.dataProtect, code: 0x7401 },
  plainWhileDecrypting: { key: senseKey.dataProtect, code: 0x7402 },
  wrongKey: { key: senseKey.dataProtect, code: 0x7403 },
  integrity: { key: senseKey.dataProtect, code: 0x7404 },
  notRawReadable: { key: senseKey.dataProtect, code: 0x740a },
  notEncrypted: { key: senseKey.dataProtect, code: 0x7405 },
  keyChanged: { key: senseKey.dataProtect, code: 0x2a13 },
  damaged: { key: senseKey.mediumError, code: 0x1100 },
} as const satisfies Record<string, SenseFields>;

/** The cipher of one drive from its power-on (SSC-5, 4.2.21): AES-256-GCM, block by block. */
export class DriveEncryption {
  #parameters = new ParameterTable();

  /** SECURITY PROTOCOL IN. `next` is asked for one page only, with a medium. */
  async securityIn(nexus: string, command: ScsiCommand, next: (() => Promise<NextBlock>) | undefined): Promise<Outcome> {
    const { cdb } = command;
    if ((cdb[4]! & 0x80) !== 0) return check(invalidField(4));
    const allocationBytes = be32(cdb, 6);
    const code = be16(cdb, 2);
    if (cdb[1] === securityProtocol.information) {
      if (code !== 0) return check(invalidField(2));
      const protocols = [securityProtocol.information, securityProtocol.tapeDataEncryption];
      return answer(command, [0, 0, 0, 0, 0, 0, ...field(protocols.length, 2), ...protocols], allocationBytes);
    }
    if (cdb[1] !== securityProtocol.tapeDataEncryption) return check(invalidField(1));
    if (code === encryptionPage.nextBlock) {
      if (next === undefined) return check({ key: senseKey.notReady, code: 0x3a00 });
      return answer(command, nextBlock(await next(), this.#parameters.of(nexus)), allocationBytes);
    }
    const data = this.#page(nexus, code, next !== undefined);
    return data === undefined ? check(invalidField(2)) : answer(command, data, allocationBytes);
  }

  #page(nexus: string, code: number, hasMedium: boolean): number[] | undefined {
    switch (code) {
      case encryptionPage.inSupport:
        return inSupport();
      case encryptionPage.outSupport:
        return outSupport();
      case encryptionPage.capabilities:
        return capabilities(hasMedium);
      case encryptionPage.keyFormats:
        return keyFormats();
      case encryptionPage.managementCapabilities:
        return managementCapabilities();
      case encryptionPage.status:
        return status(this.#parameters.of(nexus), this.#parameters.isLocal(nexus));
      default:
        return undefined;
    }
  }

  /** SECURITY PROTOCOL OUT. `tellOthers` is called when what holds for other paths has changed. */
  securityOut(nexus: string, command: ScsiCommand, tellOthers: () => void): Outcome {
    const { cdb } = command;
    if (cdb[1] !== securityProtocol.tapeDataEncryption) return check(invalidField(1));
    if (be16(cdb, 2) !== encryptionPage.setDataEncryption) return check(invalidField(2));
    if ((cdb[4]! & 0x80) !== 0) return check(invalidField(4));
    const wanted = parseSetEncryption((command.dataOut ?? new Uint8Array(0)).subarray(0, be32(cdb, 6)));
    if ("key" in wanted) return check(wanted);
    this.#parameters.set(nexus, wanted.parameters, wanted.locks);
    if (wanted.parameters.scope === encryptionScope.allNexuses) tellOthers();
    return good;
  }

  /** What to record for that block: itself, or its ciphertext. */
  store(nexus: string, block: Uint8Array, objectNumber: number): { readonly stored: Uint8Array } | { readonly refusal: SenseFields } {
    const parameters = this.#parameters.of(nexus);
    const lock = this.#parameters.lockOf(nexus);
    if (lock !== undefined && lock !== parameters.keyInstance) return { refusal: refusals.keyChanged };
    switch (parameters.encryption) {
      case encryptionMode.encrypt:
        return { stored: sealBlock(block, objectNumber, parameters) };
      case encryptionMode.external: {
        const found = unwrap(block);
        return found !== undefined && "sealed" in found ? { stored: block } : { refusal: refusals.notEncrypted };
      }
      default:
        return { stored: wrapPlain(block) };
    }
  }

  /** Plain blocks cannot be read while the drive is to meet encrypted ones only. */
  refusesPlain(nexus: string): SenseFields | undefined {
    return this.#parameters.of(nexus).decryption === decryptionMode.decrypt ? refusals.plainWhileDecrypting : undefined;
  }

  /** The block in a stored one that `beginsLikeEnvelope`. */
  recall(nexus: string, stored: Uint8Array): { readonly block: Uint8Array } | { readonly refusal: SenseFields } {
    const found = unwrap(stored);
    if (found === undefined) return { refusal: refusals.damaged };
    if ("sealed" in found) return this.#open(nexus, found.sealed);
    const refusal = this.refusesPlain(nexus);
    return refusal === undefined ? { block: found.plain } : { refusal };
  }

  #open(nexus: string, envelope: Envelope): { readonly block: Uint8Array } | { readonly refusal: SenseFields } {
    const { decryption, key } = this.#parameters.of(nexus);
    if (decryption === decryptionMode.disable) return { refusal: refusals.unableToDecrypt };
    if (decryption === decryptionMode.raw) return envelope.rawReadable ? { block: envelope.bytes } : { refusal: refusals.notRawReadable };
    if (!isKeyOf(envelope, key)) return { refusal: refusals.wrongKey };
    const block = openBlock(envelope, key);
    return block === undefined ? { refusal: refusals.integrity } : { block };
  }

  /** What page 0021h is to say of a stored block. */
  describe(stored: Uint8Array, objectNumber: number): NextBlock {
    const found = beginsLikeEnvelope(stored) ? unwrap(stored) : undefined;
    return found !== undefined && "sealed" in found
      ? { kind: "sealed", objectNumber, envelope: found.sealed }
      : { kind: "plain", objectNumber };
  }

  /** Keys are in volatile memory. */
  powerLost(): void {
    this.#parameters = new ParameterTable();
  }

  demounted(): void {
    this.#parameters.demounted();
  }

  departed(nexus: string): void {
    this.#parameters.departed(nexus);
  }
}
