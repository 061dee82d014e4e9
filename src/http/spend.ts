import { Elysia } from "elysia";
export const spend = (_a: unknown, _b: unknown) => new Elysia({name:"spend"});
