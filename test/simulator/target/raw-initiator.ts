import { connect, type Socket } from "node:net";
import { defaultTarget } from "../../../simulator/index.ts";
import { iscsi } from "../../../src/scsi/index.ts";

const { layout, opcode, stage } = iscsi;

/** An initiator that sends whatever it is told to, right or wrong. */
export class RawInitiator {
  readonly socket: Socket;
  readonly #reader: iscsi.PduReader;
  readonly #arrived: iscsi.Pdu[] = [];
  readonly #wanted: ((pdu: iscsi.Pdu | undefined) => void)[] = [];
  readonly closed: Promise<void>;
  cmdSn = 1;
  digests = iscsi.noDigests;

  constructor(port: number) {
    this.#reader = new iscsi.PduReader({
      roomFor: (_header, dataBytes) => new Uint8Array(dataBytes),
      received: (pdu) => {
        const wanted = this.#wanted.shift();
        if (wanted === undefined) this.#arrived.push(pdu);
        else wanted(pdu);
      },
    });
    this.socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.socket.on("data", (chunk: Buffer) => { this.#reader.push(chunk); });
    this.socket.on("error", () => { this.socket.destroy(); });
    this.closed = new Promise((resolve) => {
      this.socket.on("close", () => {
        for (const wanted of this.#wanted.splice(0)) wanted(undefined);
        resolve();
      });
    });
  }

  /** What comes next; undefined when the target has hung up. */
  async next(): Promise<iscsi.Pdu | undefined> {
    const arrived = this.#arrived.shift();
    if (arrived !== undefined || this.socket.destroyed) return arrived;
    return await new Promise((resolve) => this.#wanted.push(resolve));
  }

  async expect<L extends iscsi.Layout>(code: number, table: L): Promise<iscsi.Values<L> & { readonly data: Uint8Array }> {
    const pdu = await this.next();
    if (pdu === undefined) throw new Error(`the target hung up where 0x${code.toString(16)} was expected`);
    const got = pdu.header[0]! & 0x3f;
    if (got !== code) throw new Error(`0x${got.toString(16)} came where 0x${code.toString(16)} was expected`);
    return { ...iscsi.parse(table, pdu.header), data: pdu.data };
  }

  raw(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  send<L extends iscsi.Layout>(code: number, table: L, values: Partial<iscsi.Values<L>>, data?: Uint8Array, additional?: Uint8Array): void {
    this.raw(Buffer.concat(iscsi.frame(iscsi.build(code, table, { final: true, ...values }), data, this.digests, additional)));
  }

  /** One login request and the answer to it, its keys among it. */
  async login(values: Partial<iscsi.LoginRequest>, pairs: readonly iscsi.Pair[] | Uint8Array): Promise<LoginAnswer> {
    const text = pairs instanceof Uint8Array ? pairs : iscsi.encodeText(pairs);
    const isid = Uint8Array.of(0x80, 1, 2, 3, 4, 5);
    const defaults = { immediate: true, currentStage: stage.operational, nextStage: stage.fullFeature, transit: true, isid, taskTag: 1, cmdSn: this.cmdSn };
    this.raw(Buffer.concat(iscsi.frame(iscsi.build(opcode.loginRequest, layout.loginRequest, { ...defaults, ...values }), text)));
    const answer = await this.expect(opcode.loginResponse, layout.loginResponse);
    return { ...answer, keys: new Map(iscsi.decodeText(answer.data)) };
  }

  /** A whole login by one request. */
  async enter(keys: readonly iscsi.Pair[] = [], isid?: Uint8Array): Promise<LoginAnswer> {
    const answer = await this.login(isid === undefined ? {} : { isid }, [...identity, ...keys]);
    if (answer.status !== 0) throw new Error(`the login ended with status 0x${answer.status.toString(16)}`);
    const has = (key: string): boolean => answer.keys.get(key) === "CRC32C";
    this.digests = { header: has("HeaderDigest"), data: has("DataDigest") };
    this.#reader.setDigests(this.digests);
    return answer;
  }

  command(taskTag: number, cdb: readonly number[], values: Partial<iscsi.ScsiCommandRequest> = {}, data?: Uint8Array): void {
    const block = new Uint8Array(16);
    block.set(cdb);
    const cmdSn = values.cmdSn ?? this.cmdSn;
    if (values.immediate !== true && values.cmdSn === undefined) this.cmdSn += 1;
    this.send(opcode.scsiCommand, layout.scsiCommand, { taskTag, attribute: 1, lun: iscsi.encodeLun(1), cdb: block, ...values, cmdSn }, data);
  }

  dataOut(taskTag: number, values: Partial<iscsi.DataOut>, data: Uint8Array): void {
    this.send(opcode.dataOut, layout.dataOut, { taskTag, transferTag: iscsi.noTag, lun: iscsi.encodeLun(1), ...values }, data);
  }

  manage(values: Partial<iscsi.TaskManagement>): void {
    this.send(opcode.taskManagement, layout.taskManagement, { immediate: true, taskTag: 900, cmdSn: this.cmdSn, lun: iscsi.encodeLun(1), referencedTag: iscsi.noTag, ...values });
  }

  async response(): Promise<iscsi.ScsiResponse & { readonly data: Uint8Array }> {
    return await this.expect(opcode.scsiResponse, layout.scsiResponse);
  }

  async r2t(): Promise<iscsi.ReadyToTransfer> {
    return await this.expect(opcode.readyToTransfer, layout.readyToTransfer);
  }

  async rejected(): Promise<number> {
    return (await this.expect(opcode.reject, layout.reject)).reason;
  }
}

export type LoginAnswer = iscsi.LoginResponse & { readonly data: Uint8Array; readonly keys: ReadonlyMap<string, string> };

export const identity: readonly iscsi.Pair[] = [["InitiatorName", "iqn.2026-11.test:raw"], ["TargetName", defaultTarget], ["SessionType", "Normal"]];
