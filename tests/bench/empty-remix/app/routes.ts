import { index, route } from "@remix-run/route-config";

export default [index("routes/empty.tsx"), route("reads/:id", "routes/reads.tsx")];
