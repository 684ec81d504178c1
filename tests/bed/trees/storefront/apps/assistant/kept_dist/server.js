const { Mistral } = require("@mistralai/mistralai");
