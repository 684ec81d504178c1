package com.harbour.chat

import com.openai.client.okhttp.OpenAIOkHttpClient

val client = OpenAIOkHttpClient.fromEnv()
