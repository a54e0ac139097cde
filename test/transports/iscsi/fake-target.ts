import { createServer, type Socket } from "node:net";
import { iscsi } from "../../../src/scsi/index.ts";

const { layout, opcode, stage } = iscsi;

/** One connection of the fake target, as its script sees it. */
export class Wire {
  readonly socket: Socket;
  readonly #reader: iscsi.PduReader;
  readonly #arrived: iscsi.Pdu[] = [];
  readonly #wanted: ((pdu: iscsi.Pdu | undefined) => void)[] = [];
  digests: iscsi.Digests = iscsi.noDigests;
  statSn = 1;
  expCmdSn = 1;
  /** How many commands more than the next the target takes. */
  window = 8;

  constructor(socket: Socket) {
    this.socket = socket;
    this.#reader = new iscsi.PduReader({
      roomFor: (_header, dataBytes) => new Uint8Array(dataBytes),
      received: (pdu) => {
        const wanted = this.#wanted.shift();
        if (wanted === undefined) this.#arrived.push(pdu);
        else wanted(pdu);
      },
    });
    socket.on("data", (chunk: Buffer) => { this.#reader.push(chunk); });
    socket.on("error", () => { socket.destroy(); });
    socket.on("close", () => { for (const wanted of this.#wanted.splice(0)) wanted(undefined); });
  }

  get closed(): boolean {
    return this.socket.destroyed;
  }

  /** The next PDU of the initiator; undefined when it hung up. */
  async next(): Promise<iscsi.Pdu | undefined> {
    const arrived = this.#arrived.shift();
    if (arrived !== undefined || this.socket.destroyed) return arrived;
    return await new Promise((resolve) => this.#wanted.push(resolve));
  }

  /** The next PDU, which must be of that kind. */
  async expect<L extends iscsi.Layout>(code: number, table: L): Promise<iscsi.Values<L> & { readonly data: Uint8Array }> {
    const pdu = await this.next();
    if (pdu === undefined) throw new Error(`the initiator hung up where 0x${code.toString(16)} was expected`);
    const got = pdu.header[0]! & 0x3f;
    if (got !== code) throw new Error(`0x${got.toString(16)} came where 0x${code.toString(16)} was expected`);
    if (code === opcode.scsiCommand) this.expCmdSn = iscsi.next(iscsi.parse(layout.scsiCommand, pdu.header).cmdSn);
    return { ...iscsi.parse(table, pdu.header), data: pdu.data };
  }

  async command(): Promise<iscsi.ScsiCommandRequest & { readonly data: Uint8Array }> {
    return await this.expect(opcode.scsiCommand, layout.scsiCommand);
  }

  pieces<L extends iscsi.Layout>(code: number, table: L, values: Partial<iscsi.Values<L>>, data?: Uint8Array): Uint8Array[] {
    const sequence = { statSn: this.statSn, expCmdSn: this.expCmdSn, maxCmdSn: iscsi.next(this.expCmdSn, this.window + 0xffff_ffff) };
    return iscsi.frame(iscsi.build(code, table, { final: true, ...sequence, ...values }), data, this.digests);
  }

  send<L extends iscsi.Layout>(code: number, table: L, values: Partial<iscsi.Values<L>>, data?: Uint8Array): void {
    this.socket.write(Buffer.concat(this.pieces(code, table, values, data)));
  }

  /** A SCSI response: GOOD unless told otherwise. */
  respond(taskTag: number, values: Partial<iscsi.ScsiResponse> = {}, data?: Uint8Array): void {
    this.send(opcode.scsiResponse, layout.scsiResponse, { taskTag, ...values }, data);
    this.statSn += 1;
  }

  dataIn(taskTag: number, data: Uint8Array, values: Partial<iscsi.DataIn> = {}): void {
    this.send(opcode.dataIn, layout.dataIn, { taskTag, transferTag: iscsi.noTag, ...values }, data);
    if (values.hasStatus === true) this.statSn += 1;
  }

  readyToTransfer(taskTag: number, r2tSn: number, offsetBytes: number, wantedBytes: number): void {
    this.send(opcode.readyToTransfer, layout.readyToTransfer, { taskTag, transferTag: 77, r2tSn, offsetBytes, wantedBytes });
  }

  managed(taskTag: number, response: number): void {
    this.send(opcode.taskManagementResponse, layout.taskManagementResponse, { taskTag, response });
    this.statSn += 1;
  }

  answerLogin(values: Partial<iscsi.LoginResponse>, pairs: readonly iscsi.Pair[] = []): void {
    this.send(opcode.loginResponse, layout.loginResponse, { transit: false, taskTag: 1, ...values }, iscsi.encodeText(pairs));
    this.statSn += 1;
  }

  async loginRequest(): Promise<{ readonly isid: string; readonly keys: ReadonlyMap<string, string>; readonly transit: boolean }> {
    const request = await this.expect(opcode.loginRequest, layout.loginRequest);
    const keys = new Map(iscsi.decodeText(request.data) ?? []);
    return { isid: Buffer.from(request.isid).toString("hex"), keys, transit: request.transit };
  }

  /** A login without user and secret, with these answers to what the initiator offers. */
  async login(answers: readonly iscsi.Pair[] = []): Promise<{ readonly isid: string; readonly keys: ReadonlyMap<string, string> }> {
    const first = await this.loginRequest();
    this.answerLogin({ transit: true, currentStage: stage.security, nextStage: stage.operational }, [["AuthMethod", "None"]]);
    await this.negotiate(answers);
    return first;
  }

  async negotiate(answers: readonly iscsi.Pair[] = []): Promise<void> {
    const { keys } = await this.loginRequest();
    this.answerLogin({ transit: true, currentStage: stage.operational, nextStage: stage.fullFeature, tsih: 1 }, answers);
    const wantsDigests = answers.some(([key, value]) => key === "HeaderDigest" && value === "CRC32C") && keys.has("HeaderDigest");
    if (!wantsDigests) return;
    this.digests = { header: true, data: true };
    this.#reader.setDigests(this.digests);
  }
}

export interface FakeTarget {
  readonly portal: string;
  /** Rejects with what went wrong in a script. */
  close(): Promise<void>;
}

/** A target that does what each script says, one for each connection in turn; further connections are cut. */
export async function startFakeTarget(...scripts: readonly ((wire: Wire) => Promise<void>)[]): Promise<FakeTarget> {
  const sockets: Socket[] = [];
  const runs: Promise<void>[] = [];
  const server = createServer((socket) => {
    const script = scripts[sockets.length];
    sockets.push(socket);
    if (script === undefined) socket.destroy();
    else {
      const run = script(new Wire(socket));
      // Told by close.
      run.catch(() => undefined);
      runs.push(run);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    portal: `127.0.0.1:${String(port)}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all(runs);
    },
  };
}
