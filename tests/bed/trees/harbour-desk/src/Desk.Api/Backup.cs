using System.Net.Http;

namespace Desk.Api;

public class Backup(string name, string region)
{
    private readonly string endpoint = $"https://{name}.openai.azure.com/";
    private readonly string files = $"https://{name}.blob.core.windows.net/";
    private readonly string bedrock = $"https://bedrock-runtime.{region}.amazonaws.com";
}
