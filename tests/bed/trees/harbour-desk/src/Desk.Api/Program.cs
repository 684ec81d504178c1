using System;
using Azure.AI.OpenAI;
using Microsoft.SemanticKernel;
using Desk.Api.Anthropic;
// using LLamaSharp;

var endpoint = new Uri("https://harbour-desk.openai.azure.com");
var client = new AzureOpenAIClient(endpoint, Environment.GetEnvironmentVariable("AZURE_OPENAI_API_KEY"));
Console.WriteLine("using Mistral.SDK;");
