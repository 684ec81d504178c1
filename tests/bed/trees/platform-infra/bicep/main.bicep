param location string = resourceGroup().location

// name: 'gpt-3.5-turbo'
resource account 'Microsoft.CognitiveServices/accounts@2024-10-01' = {
  name: 'harbour'
  kind: 'OpenAI'
  location: location
}

resource chat 'Microsoft.CognitiveServices/accounts/deployments@2024-10-01' = {
  parent: account
  name: 'chat'
  properties: {
    model: {
      format: 'OpenAI'
      name: 'gpt-4o-mini'
    }
  }
}

resource app 'Microsoft.App/containerApps@2024-03-01' = {
  name: 'chat'
  properties: {
    template: {
      containers: [
        {
          image: 'ollama/ollama:0.5.4'
          env: [
            { name: 'AZURE_OPENAI_ENDPOINT', value: 'https://harbour.openai.azure.com' }
          ]
        }
      ]
    }
  }
}
