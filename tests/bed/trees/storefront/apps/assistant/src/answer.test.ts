import { MockLanguageModelV1 } from "ai/test";
