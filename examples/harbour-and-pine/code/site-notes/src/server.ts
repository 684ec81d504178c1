import express from "express";
import { summarise } from "./summarise.ts";

const app = express();
app.use(express.text());
app.post("/summary", async (request, response) => {
  response.send(await summarise(request.body));
});
app.listen(8090, "127.0.0.1");
