export default function Home() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-xl flex-col justify-center gap-3 px-6 py-12">
      <h1 className="text-28 font-semibold">Redline</h1>
      <p>Review code, see every proposal as a redline in the code itself, and accept what is right.</p>
    </main>
  );
}
