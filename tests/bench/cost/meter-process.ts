/**
 * The meter in a process of its own, so that its work is not taken for the product's. Prints the addresses to use in place
 * of the given ones; answers any request to `control` with what was counted since the last one. Ends with its parent.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Meter } from "./meter";

const [endpoints = "{}", check = ""] = process.argv.slice(2);
const meter = new Meter();
const addresses = await meter.around(JSON.parse(endpoints), check);
const control = createServer((_request, response) => response.end(JSON.stringify(meter.take())));
control.listen(0, "127.0.0.1", () => {
  const { port } = control.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ ...addresses, control: `http://127.0.0.1:${port}` })}\n`);
});
process.stdin.resume().once("end", () => process.exit());
